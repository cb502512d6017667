/** When an entry of the index happened. */
import type { IndexEntry } from "./index-entry.ts";

/** Epoch milliseconds, from the key's beginning. */
export function timeOf({ eventKey }: Pick<IndexEntry, "eventKey">): number {
  return Date.parse(eventKey.slice(0, eventKey.indexOf("#")));
}
