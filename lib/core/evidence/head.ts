/** The head of a log: how far it has come, and where the batch lies that brought it there. */
import type { Hash } from "./merkle.ts";

export interface Head {
  /** The log's name: a URL without scheme or trailing slash (https://c2sp.org/tlog-checkpoint#note-text). */
  readonly origin: string;
  /** Counts the replacements, from 1. */
  readonly version: number;
  /** Entries in the log. */
  readonly size: number;
  readonly root: Hash;
  /** The compact range of `size`, the largest subtree first. */
  readonly edge: readonly Hash[];
  /** The staged batch with every object that this head promises. */
  readonly staged: string;
  /** Chosen at random for each attempt to move the head: tells whose attempt went through when the answer was lost. */
  readonly commit: string;
  /** Epoch milliseconds; never falls. */
  readonly updated: number;
}

/**
 * A compare-and-swap register holding the head of one log.
 *
 * Reads are strongly consistent. A replacement is durable once it resolves, and takes place only while the stored head still has the
 * version and the root of `expected` (or while there is none, for `undefined`); else `replace` rejects with HEAD_MOVED. Any rejection, and
 * HEAD_MOVED too since a client may have sent the request twice, leaves open whether the new head was stored: read again before appending.
 */
export interface HeadStore {
  read(): Promise<Head | undefined>;
  replace(expected: Head | undefined, next: Head): Promise<void>;
}
