/** The synthesised stack in a folder that goes away again. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { synthesise } from "../bin/commands/synthesise.ts";

/** @param use takes the assembly's folder and a folder for state */
export async function withAssembly<T>(use: (assembly: string, state: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "gatebook-bench-"));
  try {
    const assembly = await synthesise(relative(process.cwd(), folder), new AbortController().signal);
    return await use(assembly, join(folder, "state"));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
