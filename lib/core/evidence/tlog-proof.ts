/** Proof files: that one entry is in a log, in one file that is checked offline (https://c2sp.org/tlog-proof). */
import { GatebookError } from "../errors.ts";
import { decodeBase64 } from "./canonical-base64.ts";
import { parseDecimal } from "./canonical-decimal.ts";
import { checkInclusion, MAX_PROOF_HASHES } from "./check-proof.ts";
import { HASH_BYTES, type Hash, leafHash } from "./merkle.ts";
import { type OpenedCheckpoint, openCheckpoint } from "./signed-checkpoint.ts";
import { MAX_NOTE_BYTES } from "./signed-note.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** Of the lines before the checkpoint. Leaves room for application data in the `extra` line. */
const MAX_PROOF_HEADER_BYTES = 64 * 1024;

const VERSION_LINE = "c2sp.org/tlog-proof@v1";
const BLANK_LINE = "\n\n";

export interface TlogProof {
  /** Application data that nobody has signed. */
  readonly extra?: Uint8Array;
  /** The entry's place in the log. */
  readonly index: number;
  /** The inclusion proof, the leaf's sibling first. */
  readonly hashes: readonly Hash[];
  /** The signed checkpoint, byte for byte. */
  readonly checkpoint: Uint8Array;
}

/** @throws INPUT_INVALID for what could not be read back */
export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): Buffer {
  const header = [
    VERSION_LINE,
    ...(extra === undefined ? [] : [`extra ${Buffer.from(extra).toString("base64")}`]),
    `index ${index}`,
    ...hashes.map((hash) => Buffer.from(hash, "hex").toString("base64")),
  ];
  const bytes = Buffer.concat([Buffer.from(header.join("\n") + BLANK_LINE), checkpoint]);
  const readBack = parseTlogProof(bytes);
  if (readBack.hashes.join() !== hashes.join())
    throw malformed("cannot be written: its hashes must be in lower-case hex");
  return bytes;
}

/**
 * Reads the file and checks nothing: see `checkTlogProof`.
 *
 * @throws INPUT_INVALID
 */
export function parseTlogProof(bytes: Uint8Array): TlogProof {
  if (bytes.byteLength > MAX_PROOF_HEADER_BYTES + MAX_NOTE_BYTES)
    throw malformed(`is too long with ${bytes.byteLength} bytes`);
  const file = Buffer.from(bytes);
  const end = file.indexOf(BLANK_LINE);
  if (end === -1) throw malformed("has no empty line before its checkpoint");
  if (end > MAX_PROOF_HEADER_BYTES)
    throw malformed(`has ${end} bytes before its checkpoint, ${MAX_PROOF_HEADER_BYTES} at most`);
  const [version, ...lines] = file.toString("latin1", 0, end).split("\n");
  if (version !== VERSION_LINE) throw malformed(`does not start with ${VERSION_LINE}`);
  const extra = lines[0]?.startsWith("extra ") ? parseExtra(lines.shift() ?? "") : undefined;
  const index = parseIndex(lines.shift() ?? "");
  if (lines.length > MAX_PROOF_HASHES) throw malformed(`has ${lines.length} hashes, ${MAX_PROOF_HASHES} at most`);
  const proof = { index, hashes: lines.map(parseHash), checkpoint: file.subarray(end + BLANK_LINE.length) };
  return extra === undefined ? proof : { extra, ...proof };
}

/**
 * That the log whose key this is has signed for this entry. It says nothing about `extra`.
 *
 * @example
 * const { size, cosigned } = checkTlogProof(entry, parseTlogProof(bytes), parseVerifierKey("example.com/log+…"));
 * @param entry its bytes, exactly as they are in the log
 * @returns the checkpoint that the entry was proved against, and who of these witnesses cosigned it
 * @throws INPUT_INVALID when the checkpoint is none; NOT_VERIFIED
 */
export function checkTlogProof(
  entry: Uint8Array,
  { index, hashes, checkpoint }: TlogProof,
  log: VerifierKey,
  witnesses: readonly VerifierKey[] = [],
): OpenedCheckpoint {
  const opened = openCheckpoint(checkpoint, log, witnesses);
  checkInclusion(leafHash(entry), index, opened, hashes);
  return opened;
}

function parseExtra(line: string): Uint8Array {
  const extra = decodeBase64(line.slice("extra ".length));
  if (extra === undefined || extra.byteLength === 0) throw malformed("has an extra line that is not base64");
  return extra;
}

function parseIndex(line: string): number {
  const index = line.startsWith("index ") ? parseDecimal(line.slice("index ".length)) : undefined;
  if (index === undefined)
    throw malformed("has no line that gives the entry's index: index and a decimal without leading zeros");
  return index;
}

function parseHash(line: string, i: number): Hash {
  const hash = decodeBase64(line);
  if (hash?.byteLength !== HASH_BYTES) throw malformed(`has a hash ${i + 1} that is not 32 bytes in base64`);
  return hash.toString("hex");
}

function malformed(reason: string): GatebookError {
  return new GatebookError("INPUT_INVALID", `the proof file ${reason}`);
}
