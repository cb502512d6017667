/** The key that the evidence is checked with, however it was given. */
import { readFileSync } from "node:fs";
import { GatebookError } from "../../lib/core/errors.ts";
import type { LogSource } from "../../lib/core/evidence/log-source.ts";
import { parseVerifierKey, type VerifierKey } from "../../lib/core/evidence/verifier-key.ts";

/** Beside a log that was pulled. */
export const VERIFIER_KEY_FILE = "verifier-key";

export interface ChosenKeys {
  /** Of the log, or of its shards. */
  readonly keys: readonly VerifierKey[];
  /** Whether they came with what they are to check: then they show damage, and no forger who replaced both. */
  readonly isFromArchive: boolean;
}

/** @param given the keys' text or a file that holds it; undefined for the keys that lie in the archive */
export async function chooseKeys(given: string | undefined, archive: LogSource): Promise<ChosenKeys> {
  if (given !== undefined) return { keys: readKeys(given), isFromArchive: false };
  const bytes = await archive.read(VERIFIER_KEY_FILE);
  if (bytes === undefined) {
    throw new GatebookError(
      "INPUT_INVALID",
      `${VERIFIER_KEY_FILE} is not there: give the log's key with --key, as its owner told it to you ('gatebook key' prints it)`,
    );
  }
  return { keys: parseKeys(Buffer.from(bytes).toString("utf8")), isFromArchive: true };
}

/** Two plus signs make a key; a file may be called anything else. */
export function readKeys(given: string): VerifierKey[] {
  return parseKeys(/\+.*\+/.test(given) ? given : readFile(given).toString("utf8"));
}

/** A line for each. */
function parseKeys(text: string): VerifierKey[] {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => parseVerifierKey(line.trim()));
}

/** @throws GatebookError `INPUT_INVALID` */
export function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatebookError("INPUT_INVALID", `${path}: cannot be read (${reason})`, { cause });
  }
}
