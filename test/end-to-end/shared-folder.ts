/** Vitest's global set-up: an empty folder that all test files of a run share, for what is too dear to be made by each. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly sharedFolder: string;
  }
}

/** @returns what removes the folder when the run is over */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "gatebook-tests-"));
  project.provide("sharedFolder", folder);
  return () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
