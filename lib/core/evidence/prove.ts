/** Making Merkle proofs from the hashes of a tree (https://www.rfc-editor.org/rfc/rfc6962#section-2.1). */
import { GatebookError } from "../errors.ts";
import type { HashReader, Subtree } from "./hash-reader.ts";
import { EMPTY_ROOT, type Hash, rootOf } from "./merkle.ts";
import { consistencyPath, inclusionPath, type LeafRange } from "./proof-path.ts";

/**
 * That the leaf at `index` is in the tree of `size` leaves.
 *
 * @returns the leaf's sibling first
 * @throws INPUT_INVALID for a leaf that is not there, and what the reader rejects with
 */
export async function proveInclusion(reader: HashReader, index: number, size: number): Promise<Hash[]> {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new GatebookError("INPUT_INVALID", `there is no entry ${index} in a log of ${size}: choose one from 0 on`);
  }
  return Promise.all(inclusionPath(index, size).map((range) => hashRange(reader, range)));
}

/**
 * That the tree of `newSize` leaves starts with that of `oldSize`.
 *
 * @throws INPUT_INVALID for a tree that is to have shrunk, and what the reader rejects with
 */
export async function proveConsistency(reader: HashReader, oldSize: number, newSize: number): Promise<Hash[]> {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 0 || oldSize > newSize) {
    throw new GatebookError("INPUT_INVALID", `a log of ${newSize} entries cannot have grown from ${oldSize}`);
  }
  if (oldSize === 0) return [];
  return Promise.all(consistencyPath(oldSize, newSize).map((range) => hashRange(reader, range)));
}

/** The root of the tree of `size` leaves, computed from the roots of its largest subtrees. */
export async function readRoot(reader: HashReader, size: number): Promise<Hash> {
  return size === 0 ? EMPTY_ROOT : hashRange(reader, { from: 0, to: size });
}

async function hashRange(reader: HashReader, range: LeafRange): Promise<Hash> {
  const hashes = await Promise.all(subtreesOf(range).map((subtree) => reader.read(subtree)));
  return rootOf({ size: range.to - range.from, hashes });
}

/** Every range of a proof starts where its largest subtree can: these are the powers of two in its size, the largest first. */
function subtreesOf({ from, to }: LeafRange): Subtree[] {
  const subtrees: Subtree[] = [];
  let start = from;
  while (start < to) {
    let level = 0;
    while (start + 2 ** (level + 1) <= to) level += 1;
    subtrees.push({ level, index: start / 2 ** level });
    start += 2 ** level;
  }
  return subtrees;
}
