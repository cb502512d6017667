/** Reading the index by what was touched, and by what belongs to one delivery. */
import type { IndexEntry } from "./index-entry.ts";

/**
 * Entries that `byTrace` answers with at most: a delivery has tens of events, and whoever calls its pipeline again and again makes any
 * number. Half are its first, which no later call can push out: the start is among them.
 */
export const MAX_TRACE_ENTRIES = 1_000;

/** Links that `linksOf` answers with at most: of a commit that was delivered again and again, the pull requests and the first executions. */
export const MAX_LINKS = 100;

/**
 * The secondary indexes. They follow the index within seconds, so an entry written just now may be missing; no entry appears twice.
 *
 * `byResource` answers with the latest entries of a resource that happened before the given time (exclusive, epoch milliseconds), newest
 * first. `byTrace` answers with the entries of a trace, oldest first; of more than MAX_TRACE_ENTRIES, those in the middle are left out.
 * `linksOf` answers with the traces that events have tied to this one, from either end, each once, those nearest to the change first. Nothing is found under the empty text. Texts of
 * more than a kilobyte come back shortened: the log has them whole.
 */
export interface DeliveryIndex {
  byResource(resource: string, range: { readonly before: number; readonly limit: number }): Promise<IndexEntry[]>;
  byTrace(trace: string): Promise<IndexEntry[]>;
  linksOf(trace: string): Promise<string[]>;
}
