/** Answers a question about the audit from the log itself, by way of the index where that is shorter. */
import type { LogSource } from "../evidence/log-source.ts";
import { readEntries, readEntry } from "../evidence/read-entries.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { NO_ENTRIES } from "../record/batch-entries.ts";
import { decodeRecord } from "../record/decode-record.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import { nodesAbove, nodesBelow } from "../record/trace-graph.ts";
import { matcherFor, NO_TRACE, type SearchQuery } from "./search-query.ts";

/** What the index knows of the log beyond deliveries. */
export interface SearchIndex extends DeliveryIndex {
  /** Places in the log of everything that a principal did in a range of time (epoch milliseconds), oldest first. */
  byPrincipal(principal: string, range: { readonly since: number; readonly until: number }): AsyncIterable<number>;
  /** Entries that were in the log before a time: what happened since is among those behind them. */
  sizeAt(time: number): Promise<number>;
}

export interface SearchWorld {
  readonly index: SearchIndex;
  readonly log: LogSource;
  /** Entries in the log. */
  readonly size: number;
}

export interface Found {
  /** The entry's place in the log. */
  readonly index: number;
  readonly record: AuditRecord;
}

/**
 * Everything that matches, in the order of the log (of a delivery: trace by trace). A delivery is asked for by any of its traces: its
 * commit, its pull request, its execution, a build of it.
 *
 * @throws GatebookError `LOG_CORRUPT` where the log is not as the index says
 */
export async function* search(query: SearchQuery, world: SearchWorld): AsyncGenerator<Found> {
  const traces = await tracesOf(query, world);
  const matches = matcherFor(query, traces);
  for await (const found of candidates(query, traces, world)) {
    if (matches(found.record)) yield found;
  }
}

async function tracesOf({ trace }: SearchQuery, { index }: SearchWorld): Promise<ReadonlySet<string> | undefined> {
  if (trace === undefined || trace === NO_TRACE) return undefined;
  return new Set([...(await nodesAbove(trace, NO_ENTRIES, index)), ...(await nodesBelow(trace, NO_ENTRIES, index))]);
}

function candidates(
  query: SearchQuery,
  traces: ReadonlySet<string> | undefined,
  world: SearchWorld,
): AsyncIterable<Found> {
  if (traces !== undefined) return entriesAt(placesOf(traces, world), world);
  const { principal, since = 0, until = Date.parse("9999-12-31") } = query;
  if (principal !== undefined && !/[*?]/.test(principal)) {
    return entriesAt(world.index.byPrincipal(principal, { since, until }), world);
  }
  return entriesSince(query.since, world);
}

async function* placesOf(traces: ReadonlySet<string>, { index }: SearchWorld): AsyncGenerator<number> {
  for (const trace of traces) {
    for (const { logIndex } of await index.byTrace(trace)) if (logIndex !== undefined) yield logIndex;
  }
}

async function* entriesAt(places: AsyncIterable<number>, { log, size }: SearchWorld): AsyncGenerator<Found> {
  for await (const index of places) {
    const bytes = await readEntry(log, size, index);
    if (bytes !== undefined) yield { index, record: decodeRecord(bytes) };
  }
}

/** An event is recorded after it happened, whenever that may be: the end of the range is the log's. */
async function* entriesSince(since: number | undefined, { index, log, size }: SearchWorld): AsyncGenerator<Found> {
  const from = since === undefined ? 0 : await index.sizeAt(since);
  for await (const entry of readEntries(log, { size, from, to: size })) {
    yield { index: entry.index, record: decodeRecord(entry.bytes) };
  }
}
