/** What a principal did around a time. */
import type { IndexEntry } from "../record/index-entry.ts";

/**
 * The index, by who acted. `before` answers with the latest events that happened before the time (epoch milliseconds, without), newest
 * first; `since` with the first ones from it on, oldest first.
 */
export interface PrincipalHistory {
  before(principal: string, time: number, limit: number): Promise<readonly IndexEntry[]>;
  since(principal: string, time: number, limit: number): Promise<readonly IndexEntry[]>;
}
