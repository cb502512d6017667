/** Answers a question about the audit from the log itself, by way of the index where that is shorter. */
import type { EntryPlace } from "../evidence/entry-place.ts";
import { readEntries, readEntry } from "../evidence/read-entries.ts";
import type { ShardLog } from "../evidence/shard-log.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { NO_ENTRIES } from "../record/batch-entries.ts";
import { decodeRecord } from "../record/decode-record.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import { nodesAbove, nodesBelow } from "../record/trace-graph.ts";
import { mergeInOrder } from "./merge-in-order.ts";
import { matcherFor, NO_TRACE, type SearchQuery } from "./search-query.ts";

/** What the index knows of the log beyond deliveries. */
export interface SearchIndex extends DeliveryIndex {
  /** Places in the log of everything that a principal did in a range of time (epoch milliseconds), oldest first. */
  byPrincipal(principal: string, range: { readonly since: number; readonly until: number }): AsyncIterable<EntryPlace>;
  /** Entries that were in a shard of the log before a time: what happened since is among those behind them. */
  sizeAt(time: number, shard: number): Promise<number>;
}

export interface SearchWorld {
  readonly index: SearchIndex;
  /** All that there are. */
  readonly shards: readonly ShardLog[];
}

export interface Found {
  /** The entry's place in its shard. */
  readonly index: number;
  /** Where that is not the first. */
  readonly shard?: number;
  readonly record: AuditRecord;
}

/**
 * Everything that matches, in the order of the log (of a delivery: trace by trace; of several shards: by the events' times, as far as each
 * shard is in their order). A delivery is asked for by any of its traces: its
 * commit, its pull request, its execution, a build of it.
 *
 * @throws GatebookError `LOG_CORRUPT` where the log is not as the index says
 */
export async function* search(query: SearchQuery, world: SearchWorld): AsyncGenerator<Found> {
  const traces = await tracesOf(query, world);
  const matches = matcherFor(query, traces);
  for await (const candidate of candidates(query, traces, world)) {
    if (matches(candidate.record)) yield candidate;
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

async function* placesOf(traces: ReadonlySet<string>, { index }: SearchWorld): AsyncGenerator<EntryPlace> {
  for (const trace of traces) {
    for (const { logIndex, shard = 0 } of await index.byTrace(trace)) {
      if (logIndex !== undefined) yield { shard, index: logIndex };
    }
  }
}

async function* entriesAt(places: AsyncIterable<EntryPlace>, { shards }: SearchWorld): AsyncGenerator<Found> {
  const byNumber = new Map(shards.map((each) => [each.shard, each]));
  for await (const { shard, index } of places) {
    const from = byNumber.get(shard);
    const bytes = from && (await readEntry(from.log, from.size, index));
    if (bytes !== undefined) yield found({ shard, index }, bytes);
  }
}

/** An event is recorded after it happened, whenever that may be: the end of the range is the log's. */
function entriesSince(since: number | undefined, { index, shards }: SearchWorld): AsyncIterable<Found> {
  const tails = shards.map((shard) => tailOf(shard, since, index));
  return mergeInOrder(tails, ({ record }) => record.event.time);
}

async function* tailOf(
  { shard, log, size }: ShardLog,
  since: number | undefined,
  index: SearchIndex,
): AsyncGenerator<Found> {
  const from = since === undefined ? 0 : await index.sizeAt(since, shard);
  for await (const entry of readEntries(log, { size, from, to: size })) {
    yield found({ shard, index: entry.index }, entry.bytes);
  }
}

function found({ shard, index }: EntryPlace, bytes: Uint8Array): Found {
  return { index, ...(shard !== 0 && { shard }), record: decodeRecord(bytes) };
}
