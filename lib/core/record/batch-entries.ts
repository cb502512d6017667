/** The entries of one batch, found like those of the index, which cannot know them yet. */
import type { IndexEntry } from "./index-entry.ts";

export interface BatchEntries {
  ofTrace(trace: string): readonly IndexEntry[];
  ofResource(resource: string): readonly IndexEntry[];
  linksOf(trace: string): readonly string[];
  /** What is found to belong to a delivery is found there from then on. */
  joinTrace(entry: IndexEntry, trace: string): void;
}

export const NO_ENTRIES: BatchEntries = batchEntries([]);

/** A batch has a thousand entries, each of which may ask for others. */
export function batchEntries(entries: readonly IndexEntry[]): BatchEntries {
  const byTrace = new Map<string, IndexEntry[]>();
  const byResource = new Map<string, IndexEntry[]>();
  const links = new Map<string, Set<string>>();
  for (const entry of entries) {
    const { trace, resource } = entry;
    if (resource) addTo(byResource, resource, entry);
    if (trace) addTo(byTrace, trace, entry);
    for (const other of entry.links ?? []) tie(links, trace, other);
  }
  return {
    ofTrace: (trace) => byTrace.get(trace) ?? [],
    ofResource: (resource) => byResource.get(resource) ?? [],
    linksOf: (trace) => [...(links.get(trace) ?? [])],
    joinTrace(entry, trace) {
      if (entry.trace === trace) return;
      const joined = { ...entry, trace };
      addTo(byTrace, trace, joined);
      const together = byResource.get(entry.resource ?? "");
      const place = together?.findIndex(({ eventKey }) => eventKey === entry.eventKey) ?? -1;
      if (together !== undefined && place >= 0) together[place] = joined;
    },
  };
}

function tie(links: Map<string, Set<string>>, trace: string | undefined, other: string): void {
  if (!trace || other === "" || other === trace) return;
  for (const [from, to] of [
    [trace, other],
    [other, trace],
  ] as const) {
    const found = links.get(from) ?? new Set();
    links.set(from, found.add(to));
  }
}

function addTo(map: Map<string, IndexEntry[]>, key: string, entry: IndexEntry): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [entry]);
  else found.push(entry);
}
