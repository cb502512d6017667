/** Entries of the log that are looked at again, once more of their delivery is known. */
import type { EntryPlace } from "../evidence/entry-place.ts";

export interface PendingLook {
  readonly place: EntryPlace;
  /** When the entry was committed, epoch milliseconds. */
  readonly committed: number;
  /** When it is looked at next, epoch milliseconds. */
  readonly due: number;
}

/**
 * What waits, waits until it is removed, and is never forgotten before. `note` is idempotent, and may bring back what was removed: a commit that is carried
 * out again notes the same again. `due` is strongly consistent, the longest due first. Removing what is not there does nothing.
 */
export interface PendingLooks {
  note(looks: readonly PendingLook[]): Promise<void>;
  due(now: number, limit: number): Promise<readonly PendingLook[]>;
  remove(look: PendingLook): Promise<void>;
}
