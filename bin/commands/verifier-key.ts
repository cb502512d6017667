/** The key that the evidence is checked with, however it was given. */
import { readFileSync } from "node:fs";
import { GatebookError } from "../../lib/core/errors.ts";
import type { LogSource } from "../../lib/core/evidence/log-source.ts";
import { parseVerifierKey, type VerifierKey } from "../../lib/core/evidence/verifier-key.ts";

/** Beside a log that was pulled. */
export const VERIFIER_KEY_FILE = "verifier-key";

export interface ChosenKey {
  readonly key: VerifierKey;
  /** Whether it came with what it is to check: then it shows damage, and no forger who replaced both. */
  readonly isFromArchive: boolean;
}

/** @param given the key's text or a file that holds it; undefined for the key that lies in the archive */
export async function chooseKey(given: string | undefined, archive: LogSource): Promise<ChosenKey> {
  if (given !== undefined) return { key: readKey(given), isFromArchive: false };
  const bytes = await archive.read(VERIFIER_KEY_FILE);
  if (bytes === undefined) {
    throw new GatebookError(
      "INPUT_INVALID",
      `${VERIFIER_KEY_FILE} is not there: give the log's key with --key, as its owner told it to you ('gatebook key' prints it)`,
    );
  }
  return { key: parseVerifierKey(Buffer.from(bytes).toString("utf8").trim()), isFromArchive: true };
}

/** Two plus signs make a key; a file may be called anything else. */
export function readKey(given: string): VerifierKey {
  return parseVerifierKey(/\+.*\+/.test(given) ? given.trim() : readFile(given).toString("utf8").trim());
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
