/** Reading the hashes of a Merkle tree, wherever they are kept. */
import type { Hash } from "./merkle.ts";

/** The perfect tree over the leaves from `index · 2^level` up to and without `(index + 1) · 2^level`. */
export interface Subtree {
  /** 0 for leaves. */
  readonly level: number;
  readonly index: number;
}

/**
 * The roots of the complete subtrees of one tree.
 *
 * Rejects with INPUT_INVALID for a subtree that is not complete in the tree, and with LOG_CORRUPT where the hash should be and is not. Whether it
 * is the right one, nobody says before it leads to a root that a log has signed: check each proof that is made of it.
 */
export interface HashReader {
  read(subtree: Subtree): Promise<Hash>;
}
