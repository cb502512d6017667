/** Where grants are kept: what the log says of them, in a form that is quick to ask. */
import type { Grant } from "./grant.ts";

/**
 * Reads are strongly consistent. `replace` stores a grant whose version is one above that of what is stored (none: the version 1), and answers
 * "moved" where somebody else was faster; when it rejects, the grant may or may not have been stored.
 */
export interface GrantStore {
  read(id: string): Promise<Grant | undefined>;
  replace(next: Grant): Promise<"stored" | "moved">;
  /** Those requested from one time (inclusive) to another (exclusive), in the order of their ids. Epoch milliseconds. */
  requestedBetween(from: number, to: number): Promise<readonly Grant[]>;
}
