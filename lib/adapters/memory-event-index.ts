/** The index in memory. */
import { type Commit, type EventIndex, keyName } from "../core/evidence/event-index.ts";
import { type DeliveryIndex, MAX_TRACE_ENTRIES } from "../core/record/delivery-index.ts";
import type { IndexEntry } from "../core/record/index-entry.ts";

/** @param commits what was written, by the log's size after it */
export function memoryEventIndex(commits = new Map<string, Commit>()): EventIndex & DeliveryIndex {
  const byName = new Map<string, IndexEntry>();
  for (const { entries } of commits.values()) for (const entry of entries) byName.set(keyName(entry), entry);

  const matching = (matches: (entry: IndexEntry) => boolean): IndexEntry[] =>
    [...byName.values()].filter(matches).sort((a, b) => (a.eventKey < b.eventKey ? -1 : 1));

  return {
    async known(keys) {
      return new Set(keys.map(keyName).filter((name) => byName.has(name)));
    },
    async write(commit) {
      commits.set(`${commit.origin}#${commit.size}`, commit);
      for (const entry of commit.entries) byName.set(keyName(entry), entry);
    },
    async byResource(resource, { before, limit }) {
      const bound = new Date(before).toISOString();
      const entries = matching((entry) => resource !== "" && entry.resource === resource && entry.eventKey < bound);
      return entries.reverse().slice(0, limit);
    },
    async byTrace(trace) {
      return matching((entry) => trace !== "" && entry.trace === trace).slice(-MAX_TRACE_ENTRIES);
    },
  };
}
