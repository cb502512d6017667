/** Checkpoints: what a log says of itself at one size (https://c2sp.org/tlog-checkpoint#note-text). */
import { GatebookError } from "../errors.ts";
import { decodeBase64 } from "./canonical-base64.ts";
import { parseDecimal } from "./canonical-decimal.ts";
import { HASH_BYTES, type Hash } from "./merkle.ts";

/** A tree of a log's first `size` entries. */
export interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}

export interface Checkpoint extends TreeHead {
  /** The log's name: a URL without scheme or trailing slash. */
  readonly origin: string;
}

/**
 * The text that is signed. It has no extension lines: nobody could audit them.
 *
 * @throws INPUT_INVALID for what could not be read back
 */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${Buffer.from(root, "hex").toString("base64")}\n`;
  const readBack = parseCheckpoint(text);
  if (readBack.origin !== origin || readBack.size !== size || readBack.root !== root) {
    throw malformed("cannot be written: its origin must be one line, its root a SHA-256 in lower-case hex");
  }
  return text;
}

/**
 * Extension lines, which other logs may write, are not looked at.
 *
 * @param text a note's, ending in a newline
 * @throws INPUT_INVALID
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw malformed("does not end in a newline");
  const [origin, size, root] = lines;
  if (origin === undefined || size === undefined || root === undefined || lines.includes("")) {
    throw malformed("is not three lines or more, none of them empty: origin, size, root");
  }
  const leaves = parseDecimal(size);
  if (leaves === undefined)
    throw malformed("has a second line that is not a size: a decimal without leading zeros, at most 2^53 − 1");
  const rootBytes = decodeBase64(root);
  if (rootBytes?.byteLength !== HASH_BYTES) throw malformed("has a third line that is not a root: 32 bytes in base64");
  return { origin, size: leaves, root: rootBytes.toString("hex") };
}

function malformed(reason: string): GatebookError {
  return new GatebookError("INPUT_INVALID", `the checkpoint ${reason}`);
}
