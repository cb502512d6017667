/** What a log asks a witness: a checkpoint, and the proof that it grew from the last one (https://c2sp.org/tlog-witness#add-checkpoint). */
import { GatebookError } from "../errors.ts";
import { decodeBase64 } from "../evidence/canonical-base64.ts";
import { parseDecimal } from "../evidence/canonical-decimal.ts";
import { MAX_PROOF_HASHES } from "../evidence/check-proof.ts";
import { HASH_BYTES, type Hash } from "../evidence/merkle.ts";
import { MAX_NOTE_BYTES } from "../evidence/signed-note.ts";

export interface AddCheckpointRequest {
  /** Of the last checkpoint that the witness cosigned, as far as the log knows; 0 for none. */
  readonly oldSize: number;
  /** That the checkpoint's tree starts with that of the old size. */
  readonly proof: readonly Hash[];
  /** The checkpoint, a signed note. Not looked at: who receives it does not trust it yet. */
  readonly note: Uint8Array;
}

/** `old`, a space and 2^53 − 1. */
const MAX_SIZE_LINE_BYTES = 20;
const HASH_LINE_BYTES = 44;
/** Each line has a newline, and so has the empty one behind them. */
const MAX_HEADER_BYTES = MAX_SIZE_LINE_BYTES + 1 + MAX_PROOF_HASHES * (HASH_LINE_BYTES + 1) + 1;

export const MAX_REQUEST_BYTES = MAX_HEADER_BYTES + MAX_NOTE_BYTES;

export function formatAddCheckpointRequest({ oldSize, proof, note }: AddCheckpointRequest): Buffer {
  const lines = [`old ${oldSize}`, ...proof.map((hash) => Buffer.from(hash, "hex").toString("base64")), "", ""];
  return Buffer.concat([Buffer.from(lines.join("\n")), note]);
}

/** @throws INPUT_INVALID */
export function parseAddCheckpointRequest(bytes: Uint8Array): AddCheckpointRequest {
  if (bytes.byteLength > MAX_REQUEST_BYTES) {
    throw malformed(`has ${bytes.byteLength} bytes, ${MAX_REQUEST_BYTES} at most`);
  }
  const request = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The checkpoint has an empty line of its own: the first one ends the proof.
  const end = request.subarray(0, MAX_HEADER_BYTES).indexOf("\n\n");
  if (end === -1) throw malformed(`has no empty line after ${MAX_PROOF_HASHES} lines of proof at most`);
  const [sizeLine = "", ...proofLines] = request.toString("latin1", 0, end).split("\n");
  const oldSize = parseDecimal(/^old (.*)$/.exec(sizeLine)?.[1] ?? "");
  if (oldSize === undefined) throw malformed('does not begin with a line "old" and a size without leading zeros');
  if (proofLines.length > MAX_PROOF_HASHES) {
    throw malformed(`has ${proofLines.length} lines of proof, ${MAX_PROOF_HASHES} at most`);
  }
  return { oldSize, proof: proofLines.map(parseHash), note: Uint8Array.from(request.subarray(end + 2)) };
}

function parseHash(line: string, i: number): Hash {
  const hash = decodeBase64(line);
  if (hash?.byteLength !== HASH_BYTES) throw malformed(`has no hash in line ${i + 2}: 32 bytes in base64`);
  return hash.toString("hex");
}

function malformed(reason: string): GatebookError {
  return new GatebookError("INPUT_INVALID", `the request to cosign ${reason}`);
}
