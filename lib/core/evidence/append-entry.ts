/** What is appended to the log for one event, and what of it is refused while refusing is still possible. */
import { hash } from "node:crypto";
import { GatebookError } from "../errors.ts";
import type { Finding } from "../record/finding.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { type LogObject, OCTET_STREAM } from "./log-object.ts";

/** Of an entry. Leaves room below what a bundle can hold. */
export const MAX_ENTRY_BYTES = 60_000;

/** Of a finding as JSON: what a message to a subscriber may hold. */
const MAX_FINDING_BYTES = 256 * 1024;

export interface AppendEntry {
  /** The audit record, encoded: these bytes are the evidence. */
  readonly bytes: Uint8Array;
  readonly index: IndexEntry;
  readonly findings: readonly Finding[];
  /** What is too large for the entry, kept as an object of its own that the entry names by this SHA-256 (lower-case hex). */
  readonly payload?: { readonly sha256: string; readonly bytes: Uint8Array };
}

/**
 * Whatever could not be carried out later must not be committed: an entry behind the head that no index or queue takes would stop the log.
 *
 * @throws INPUT_INVALID
 */
export function checkAppendEntry({ bytes, index, findings, payload }: AppendEntry): void {
  const refuse = (reason: string): GatebookError =>
    new GatebookError("INPUT_INVALID", `the entry of ${index.eventKey} ${reason}`);
  if (bytes.byteLength > MAX_ENTRY_BYTES) {
    throw refuse(`has ${bytes.byteLength} bytes, ${MAX_ENTRY_BYTES} at most: move its raw_data into a payload`);
  }
  for (const finding of findings) {
    const length = Buffer.byteLength(JSON.stringify(finding));
    if (length > MAX_FINDING_BYTES) throw refuse(`has a finding of ${length} bytes, ${MAX_FINDING_BYTES} at most`);
  }
  if (payload !== undefined && hash("sha256", payload.bytes, "hex") !== payload.sha256) {
    throw refuse(`has a payload whose SHA-256 is not ${payload.sha256}`);
  }
}

export function payloadObject({ sha256, bytes }: NonNullable<AppendEntry["payload"]>): LogObject {
  return { path: `payload/${sha256}`, bytes, contentType: OCTET_STREAM };
}
