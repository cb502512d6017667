/** Legal holds on the stored versions of a log's objects. */

export interface StoredVersion {
  readonly path: string;
  /** As the store names it. */
  readonly version: string;
}

/**
 * A legal hold keeps a version from being deleted by anybody, whatever becomes of its retention.
 *
 * `versions` gives every version stored under exactly this path, hidden ones included. `set` holds or releases one; it is durable once it
 * resolves, and setting again what is set changes nothing. `isHeld` sees every `set` that has resolved.
 */
export interface ObjectHolds {
  versions(path: string): Promise<readonly string[]>;
  isHeld(stored: StoredVersion): Promise<boolean>;
  set(stored: StoredVersion, status: "held" | "released"): Promise<void>;
}
