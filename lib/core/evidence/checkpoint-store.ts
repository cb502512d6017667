/** Where the public reads the log's newest checkpoint. */

interface StoredCheckpoint {
  /** A signed note. */
  readonly bytes: Uint8Array;
  /** Of these bytes; opaque. */
  readonly etag: string;
}

/**
 * A compare-and-swap register holding the public checkpoint of one log; every one that it ever held stays readable elsewhere.
 *
 * Reads are strongly consistent. A replacement is durable once it resolves, and takes place only while the stored checkpoint still has the
 * etag of `expected` (or while there is none, for `undefined`); else `replace` rejects with HEAD_MOVED. Any rejection leaves open whether the new
 * one was stored: read again.
 */
export interface CheckpointStore {
  read(): Promise<StoredCheckpoint | undefined>;
  replace(expected: string | undefined, bytes: Uint8Array): Promise<void>;
}
