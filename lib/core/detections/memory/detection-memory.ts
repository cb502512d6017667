/** What detections remember from event to event. */

/** One bucket of a subject's time. */
export interface MemoryKey {
  /** Of one rule and one group of its events. */
  readonly key: string;
  readonly bucket: string;
}

export interface MemoryBucket {
  readonly members: ReadonlySet<string>;
  /** Who has claimed it. */
  readonly owner?: string;
  /** While it waits to be judged. */
  readonly waiting?: Waiting;
}

interface Waiting {
  /** Another one after each write. */
  readonly revision: number;
  /** Of the latest event of all that were written. */
  readonly latest: string;
  /** More events belong to it than a bucket can hold. */
  readonly isCut: boolean;
}

/** What makes a bucket wait to be judged as a whole. */
export interface Judgement {
  /** The end of its time, epoch milliseconds. */
  readonly end: number;
  /** How long after that, or after now where that is over, it is due. A bucket that waits already waits no longer for it. */
  readonly latenessMs: number;
  /** Kept with the bucket unless that of a later event is there: `at` orders them, as text. */
  readonly latest: { readonly at: string; readonly text: string };
}

export interface MemoryWrite extends MemoryKey {
  readonly add: readonly string[];
  /** What the others make superfluous. Not an entry of `add`. */
  readonly remove: readonly string[];
  /** Epoch milliseconds after which the bucket may be forgotten; without it, it is kept. */
  readonly expires?: number;
  /** It then waits, and is kept until it was judged. See `OpenBuckets`. */
  readonly judge?: Judgement;
}

/**
 * Buckets of texts, each perhaps claimed by one owner. A bucket that nobody wrote is empty.
 *
 * `recall` is strongly consistent: it answers with all that finished writes have stored. A write is atomic for its bucket, and idempotent: members are a
 * set. When one rejects, some of its buckets may be written; write again. `claim` makes the asker the owner where there is none, and answers
 * with whoever is. Members are added, and superfluous ones removed, without regard to the claim.
 */
export interface DetectionMemory {
  /** By `memoryName`. */
  recall(keys: readonly MemoryKey[]): Promise<ReadonlyMap<string, MemoryBucket>>;
  remember(writes: readonly MemoryWrite[]): Promise<void>;
  claim(key: MemoryKey, owner: string, expires?: number): Promise<string>;
}

export function memoryName({ key, bucket }: MemoryKey): string {
  return `${key}\n${bucket}`;
}
