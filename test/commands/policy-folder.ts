/** A folder with a gatebook.yml and policies, for tests of `gatebook policy`. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatebook, ROOT, temporaryFolder } from "./gatebook.ts";

export const EXAMPLE = readFileSync(join(ROOT, "rules/example-organisation.yml"), "utf8");

/** A folder such as a user's, with the example organisation as its own. */
export async function userFolder(organisation = EXAMPLE): Promise<string> {
  const folder = await temporaryFolder();
  layOut(folder, organisation);
  return folder;
}

export function layOut(folder: string, organisation: string): void {
  cpSync(join(ROOT, "rules/access"), join(folder, "rules/access"), { recursive: true });
  writeFileSync(join(folder, "gatebook.yml"), organisation);
}

export const policyIn =
  (folder: string) =>
  (...args: string[]) =>
    gatebook(["policy", ...args], folder);
