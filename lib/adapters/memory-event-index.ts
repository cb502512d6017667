/** The index in memory. */
import { MAX_TELLINGS, type MfaIndex, type MfaTelling } from "../core/access/mfa-index.ts";
import {
  type BreakGlassIndex,
  type EmergencyHour,
  HOUR_MS,
  startOfHour,
} from "../core/break-glass/break-glass-index.ts";
import { type Commit, type EventIndex, keyName } from "../core/evidence/event-index.ts";
import { shardOf } from "../core/evidence/shard.ts";
import { batchEntries } from "../core/record/batch-entries.ts";
import { MAX_LINKS, MAX_TRACE_ENTRIES } from "../core/record/delivery-index.ts";
import { timeOf } from "../core/record/entry-time.ts";
import type { IndexEntry, IndexKey } from "../core/record/index-entry.ts";
import { type Holder, holderOf, type SessionIndex } from "../core/record/session-holder.ts";
import { rankOf } from "../core/record/trace-graph.ts";
import type { SearchIndex } from "../core/search/search.ts";

/** @param commits what was written, by the log's size after it */
export function memoryEventIndex(
  commits = new Map<string, Commit>(),
): EventIndex & SearchIndex & SessionIndex & MfaIndex & BreakGlassIndex {
  const byName = new Map<string, IndexEntry>();
  const identities = new Set<string | undefined>();
  const remember = ({ origin, entries, from }: Commit): void => {
    const shard = shardOf(origin);
    for (const [i, entry] of entries.entries()) {
      byName.set(keyName(entry), { ...entry, logIndex: from + i, ...(shard !== 0 && { shard }) });
      identities.add(entry.identity);
    }
  };
  for (const commit of commits.values()) remember(commit);
  const isKnown = (key: IndexKey): boolean =>
    byName.has(keyName(key)) || (key.identity !== undefined && identities.has(key.identity));

  const matching = (matches: (entry: IndexEntry) => boolean): IndexEntry[] =>
    [...byName.values()].filter(matches).sort((a, b) => (a.eventKey < b.eventKey ? -1 : 1));

  return {
    async holdersOf(credentials) {
      const holders = new Map<string, Holder>();
      for (const entry of byName.values()) {
        if (entry.issued !== undefined && credentials.includes(entry.issued))
          holders.set(entry.issued, holderOf(entry));
      }
      return holders;
    },
    async tellingsOf(account, range) {
      const told = matching(({ mfaOf = [] }) => mfaOf.includes(account));
      return tellingsIn(told, range);
    },
    ...memoryBreakGlassIndex(matching),
    async known(keys) {
      return new Set(keys.filter(isKnown).map(keyName));
    },
    async write(commit) {
      commits.set(`${commit.origin}#${commit.size}`, commit);
      remember(commit);
    },
    async byResource(resource, { before, limit }) {
      const bound = new Date(before).toISOString();
      const entries = matching((entry) => resource !== "" && entry.resource === resource && entry.eventKey < bound);
      return entries.reverse().slice(0, limit);
    },
    async *byPrincipal(principal, { since, until }) {
      const bounds = [new Date(since).toISOString(), new Date(until).toISOString()] as const;
      const isIn = ({ eventKey }: IndexEntry): boolean => eventKey >= bounds[0] && eventKey < bounds[1];
      for (const { logIndex, shard = 0 } of matching((entry) => entry.principal === principal && isIn(entry))) {
        if (logIndex !== undefined) yield { shard, index: logIndex };
      }
    },
    async sizeAt(time, wanted) {
      const before = [...commits.values()].filter((commit) => commit.time < time && shardOf(commit.origin) === wanted);
      return Math.max(0, ...before.map(({ size }) => size));
    },
    async byTrace(trace) {
      const entries = matching((entry) => trace !== "" && entry.trace === trace);
      const half = MAX_TRACE_ENTRIES / 2;
      return entries.length <= MAX_TRACE_ENTRIES ? entries : [...entries.slice(0, half), ...entries.slice(-half)];
    },
    async linksOf(trace) {
      const links = batchEntries([...byName.values()])
        .linksOf(trace)
        .toSorted((a, b) => rankOf(a) - rankOf(b));
      return links.slice(0, MAX_LINKS);
    },
  };
}

/** @param entries oldest first */
function tellingsIn(entries: readonly IndexEntry[], { since, until }: { since: number; until: number }): MfaTelling[] {
  const tellings = entries.flatMap((entry) =>
    entry.mfa === undefined ? [] : [{ time: timeOf(entry), mfa: entry.mfa }],
  );
  return tellings
    .filter(({ time }) => time >= since && time <= until)
    .slice(-MAX_TELLINGS)
    .reverse();
}

function memoryBreakGlassIndex(matching: (matches: (entry: IndexEntry) => boolean) => IndexEntry[]): BreakGlassIndex {
  return {
    async emergencyHours({ since, until }) {
      const hours = matching(({ breakGlass }) => breakGlass !== undefined).map(emergencyHourOf);
      const isIn = ({ hour }: EmergencyHour): boolean => hour + HOUR_MS > since && hour <= until;
      return [...new Map(hours.filter(isIn).map((hour) => [JSON.stringify(hour), hour])).values()];
    },
    async accessesIn({ session, principal, hour }, { since, limit, from }) {
      const isIn = (time: number): boolean => startOfHour(time) === hour && time >= since;
      const entries = matching(
        (entry) => entry.breakGlass === session && entry.principal === principal && isIn(timeOf(entry)),
      );
      return from === "first" ? entries.slice(0, limit) : entries.slice(-limit).reverse();
    },
  };
}

function emergencyHourOf(entry: IndexEntry): EmergencyHour {
  return { session: entry.breakGlass ?? "", principal: entry.principal, hour: startOfHour(timeOf(entry)) };
}
