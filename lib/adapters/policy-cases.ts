/** The cases of access policies as they lie on disk: allow/<policy>.json and deny/<policy>.json. */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { PolicyCases } from "../core/access/test-policies.ts";
import { readJsonFile } from "./json-file.ts";

const ENDING = ".json";

/** @throws GatebookError `INPUT_INVALID` for a file that is not JSON */
export function readPolicyCases(folder: string): PolicyCases[] {
  return (["allow", "deny"] as const).flatMap((outcome) => {
    const cases = join(folder, outcome);
    if (!existsSync(cases)) return [];
    return readdirSync(cases)
      .filter((name) => name.endsWith(ENDING))
      .sort()
      .map((name) => ({
        file: join(cases, name),
        policy: basename(name, ENDING),
        outcome,
        content: readJsonFile(join(cases, name)),
      }));
  });
}
