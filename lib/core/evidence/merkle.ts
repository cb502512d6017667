/** Merkle tree hashing and compact ranges (https://www.rfc-editor.org/rfc/rfc6962#section-2.1). */
import { hash } from "node:crypto";

/** A SHA-256 in lower-case hex: comparable with `===`, and measured to be faster in Node than hashes kept as buffers. */
export type Hash = string;

export const HASH_BYTES = 32;

/** SHA-256 of nothing. */
export const EMPTY_ROOT: Hash = hash("sha256", "", "hex");

const LEAF_PREFIX = Buffer.of(0x00);
const NODE_PREFIX = 0x01;

export function leafHash(entry: Uint8Array): Hash {
  return hash("sha256", Buffer.concat([LEAF_PREFIX, entry]), "hex");
}

export function nodeHash(left: Hash, right: Hash): Hash {
  const node = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  node[0] = NODE_PREFIX;
  node.write(left, 1, "hex");
  node.write(right, 1 + HASH_BYTES, "hex");
  return hash("sha256", node, "hex");
}

/** The roots of the perfect subtrees that `size` leaves fall into, the largest first: one for each bit of `size` that is set. */
export interface CompactRange {
  readonly size: number;
  readonly hashes: readonly Hash[];
}

export const EMPTY_RANGE: CompactRange = { size: 0, hashes: [] };

/** Adds leaves, or roots of equal perfect subtrees, at the right. */
export function extendRange(range: CompactRange, leaves: readonly Hash[]): CompactRange {
  const hashes = [...range.hashes];
  let size = range.size;
  for (const leaf of leaves) {
    let root = leaf;
    // Each trailing 1 of the size is a subtree as large as the one in hand. Arithmetic, since bit operators stop at 32 bits.
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
      root = nodeHash(hashes.pop() ?? EMPTY_ROOT, root);
    }
    hashes.push(root);
    size += 1;
  }
  return { size, hashes };
}

export function rootOf(range: CompactRange): Hash {
  const [smallest, ...larger] = range.hashes.toReversed();
  if (smallest === undefined) return EMPTY_ROOT;
  return larger.reduce((right, left) => nodeHash(left, right), smallest);
}
