/** What can be asked of a place where a whole log is kept, beyond reading its objects by their path. */
import type { LogSource } from "../evidence/log-source.ts";

export interface StoredObject {
  readonly path: string;
  /** Of what `read` gives. */
  readonly bytes: number;
  /** How often something was put under the path and is still there. An object of a log is put once. */
  readonly versions: number;
  /** Whether it is hidden, behind a delete marker: `read` does not find it. */
  readonly isDeleted: boolean;
}

/**
 * The stored objects and their versions.
 *
 * `list` gives every object whose path starts with the prefix, deleted ones that have versions left included, those of one folder together.
 * `history` gives everything that was ever put under one path and can still be read, oldest first. Nothing of it is trusted: whoever lists
 * checks what is there, and a place that hides objects cannot be found out by asking it.
 */
export interface LogListing {
  list(prefix: string): AsyncIterable<StoredObject>;
  history(path: string): AsyncIterable<Uint8Array>;
}

export interface LogArchive extends LogSource, LogListing {}
