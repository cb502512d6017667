/** What a witness remembers of each log: the largest tree that it cosigned. */
import type { TreeHead } from "../evidence/checkpoint.ts";

export interface WitnessedTree extends TreeHead {
  /** The checkpoint under the log's own signatures: half of the proof, should the log ever sign another history. */
  readonly note: Uint8Array;
}

/**
 * A compare-and-swap register for each log, by its origin.
 *
 * Reads are strongly consistent. A replacement is durable once it resolves, and takes place only while the stored tree still has the size and the
 * root of `expected` (or while there is none, for `undefined`); else `replace` rejects with HEAD_MOVED. Any rejection, and HEAD_MOVED too since a
 * client may have sent the request twice, leaves open whether the next one was stored: cosign nothing then.
 */
export interface WitnessStore {
  read(origin: string): Promise<WitnessedTree | undefined>;
  replace(origin: string, expected: TreeHead | undefined, next: WitnessedTree): Promise<void>;
}
