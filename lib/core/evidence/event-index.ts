/** The index of what the log holds, as far as appending needs it. */
import type { IndexEntry, IndexKey } from "../record/index-entry.ts";

/** From its commit on, an entry is in the index for 400 days; in the log it stays for the whole retention. */
export const HOT_MS = 400 * 24 * 60 * 60 * 1000;

/** What one batch added to a log. */
export interface Commit {
  readonly origin: string;
  /** When the batch was committed, epoch milliseconds; never falls from one commit of a log to the next. */
  readonly time: number;
  /** Index in the log of the first of `entries`; the others follow it. */
  readonly from: number;
  /** Entries in the log after this commit. */
  readonly size: number;
  readonly entries: readonly IndexEntry[];
}

/**
 * The index, which can be rebuilt from the log.
 *
 * `known` is strongly consistent: it answers with the names (see `keyName`) of those keys that a finished `write` has stored, or whose
 * `identity` was that of an entry which one has stored. `write` stores the
 * entry of each event and the commit's time and size. It is idempotent, and may be repeated by several writers at once; it takes any text
 * in any member, since an event that is in the log already cannot be refused any more.
 */
export interface EventIndex {
  known(keys: readonly IndexKey[]): Promise<ReadonlySet<string>>;
  write(commit: Commit): Promise<void>;
}

/** One text for one key, whatever characters its parts hold. */
export function keyName({ principal, eventKey }: IndexKey): string {
  return JSON.stringify([principal, eventKey]);
}

/** What an event is called whenever it is delivered: by its identity, where its key holds the time of its arrival. */
export function lastingName(key: IndexKey): string {
  return key.identity ?? keyName(key);
}
