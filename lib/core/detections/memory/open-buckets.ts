/** Buckets whose events are judged together, when their time is over. */
import type { MemoryKey } from "./detection-memory.ts";

/** How long after its end a bucket is judged, where gatebook.yml says nothing: what delivery services and log files take to tell. */
export const DEFAULT_LATENESS_MINUTES = 15;

export interface DueBucket extends MemoryKey {
  /** Since when, epoch milliseconds. */
  readonly due: number;
}

/**
 * The buckets of a detection memory that were written with `judge`, and wait. They wait until they are closed, and are not forgotten before.
 *
 * `due` lists those whose time has come, the oldest first. It may be a little behind: one that was closed just now may still be listed, and one
 * that has just become due may not; `recall` tells for certain. `close` ends the wait of a bucket that has not been written to since it had that
 * revision; another one goes on waiting, and is due at once.
 */
export interface OpenBuckets {
  due(now: number, limit: number): Promise<readonly DueBucket[]>;
  close(key: MemoryKey, revision: number, expires: number): Promise<void>;
}
