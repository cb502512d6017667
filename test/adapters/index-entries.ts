/** Entries of an index, a second apart, and commits of them. */
import type { Commit } from "../../lib/core/evidence/event-index.ts";
import type { IndexEntry } from "../../lib/core/record/index-entry.ts";

export const START = Date.UTC(2026, 10, 22, 8);
export const COMMIT_TIME = Date.UTC(2026, 10, 22, 9);

export function entry(event: number, more: Partial<IndexEntry> = {}): IndexEntry {
  const eventKey = `${new Date(START + event * 1000).toISOString()}#event-${event}`;
  return { principal: "arn:aws:iam::111122223333:user/ana", eventKey, action: "other", operation: "Op", ...more };
}

export function commit(entries: readonly IndexEntry[], from = 0): Commit {
  return { origin: "log.example/acme", time: COMMIT_TIME, from, size: from + entries.length, entries };
}
