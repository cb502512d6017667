/** The cases of access policies as they lie on disk: allow/<policy>.json and deny/<policy>.json. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { PolicyCases } from "../core/access/test-policies.ts";
import { GatebookError } from "../core/errors.ts";

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
        content: parse(join(cases, name)),
      }));
  });
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new GatebookError(
      "INPUT_INVALID",
      `${file}: is not JSON: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}
