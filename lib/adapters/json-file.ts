/** A JSON file that a person keeps: where it is none, the error names it. */
import { readFileSync } from "node:fs";
import { GatebookError } from "../core/errors.ts";

/** @throws GatebookError `INPUT_INVALID` for a file that is not JSON */
export function readJsonFile(file: string): unknown {
  const text = readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GatebookError("INPUT_INVALID", `${file}: is not JSON: ${(cause as Error).message}`, { cause });
  }
}
