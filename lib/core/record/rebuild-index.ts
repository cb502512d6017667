/** Making the index anew from the log, which is the truth. */
import { type EventIndex, HOT_MS } from "../evidence/event-index.ts";
import type { LogSource } from "../evidence/log-source.ts";
import { readEntries } from "../evidence/read-entries.ts";
import { decodeRecord } from "./decode-record.ts";
import type { IndexEntry } from "./index-entry.ts";
import { indexEntryOf } from "./index-form.ts";

/** What is written before it is said how far it has come. */
export const ENTRIES_TO_A_WRITE = 500;

/** By this time (epoch milliseconds), the log had come this far. */
export interface LogSizeAt {
  readonly time: number;
  readonly size: number;
}

export interface RebuildWorld {
  /** The log's name. */
  readonly origin: string;
  readonly log: LogSource;
  /** Entries in the log. */
  readonly size: number;
  readonly index: Pick<EventIndex, "write">;
  /**
   * When the log had which size, oldest first; the last one is of the whole log. No record tells when it was committed: an entry counts as
   * committed by the first of these times that has it, which is never too early. So a search since a time misses nothing.
   */
  readonly sizes: readonly LogSizeAt[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Where to go on, if not from the first entry that is still hot. */
  readonly from?: number;
  /** Told the place up to which the index is made. */
  onProgress?(upTo: number): void;
}

export interface Rebuilt {
  /** Where it began: entries before are too old for the index, or were done before. */
  readonly from: number;
  readonly size: number;
}

/**
 * Writes every entry of the log into the index, as it was written when it was recorded. What is there already stays as it was or becomes so
 * again: it can be repeated, broken off and gone on with, and events may be recorded meanwhile.
 *
 * @throws LOG_CORRUPT for an entry that is missing or no audit record
 */
export async function rebuildIndex(world: RebuildWorld): Promise<Rebuilt> {
  const { origin, log, size, index, sizes, now } = world;
  const hot = sizes.findLast(({ time }) => time < now - HOT_MS)?.size ?? 0;
  const from = Math.min(size, Math.max(hot, world.from ?? 0));
  const bounds = new Set(sizes.map((at) => at.size));
  let start = from;
  let entries: IndexEntry[] = [];
  for await (const { index: place, bytes } of readEntries(log, { size, from, to: size })) {
    entries.push(indexEntryOf(decodeRecord(bytes)));
    const next = place + 1;
    if (!bounds.has(next) && entries.length < ENTRIES_TO_A_WRITE && next < size) continue;
    await index.write({ origin, time: timeOf(start, world), from: start, size: next, entries });
    world.onProgress?.(next);
    start = next;
    entries = [];
  }
  return { from, size };
}

function timeOf(place: number, { sizes, now }: RebuildWorld): number {
  return sizes.find(({ size }) => size > place)?.time ?? now;
}
