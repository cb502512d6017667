/** The entries of a log, in order, from its entry bundles (https://c2sp.org/tlog-tiles#log-entries). */
import { GatebookError } from "../errors.ts";
import { decodeBundle } from "./entry-bundle.ts";
import type { LogSource } from "./log-source.ts";
import { bundlePath, TILE_WIDTH } from "./tile-path.ts";

/** Bundles fetched ahead of the one that is read: what hides the way to S3 and back, and bounds the memory at some 100 MB. */
const MAX_BUNDLES_AHEAD = 8;

export interface LogEntry {
  /** Its place in the log. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** A range of a log of `size` entries: from `from` up to and without `to`. */
export interface EntryRange {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** @throws LOG_CORRUPT for a bundle that is missing or holds another number of entries than its place calls for */
export async function* readEntries(source: LogSource, { size, from, to }: EntryRange): AsyncGenerator<LogEntry> {
  const end = Math.min(to, size);
  const last = Math.ceil(end / TILE_WIDTH);
  const ahead: Promise<Uint8Array[]>[] = [];
  let next = Math.floor(from / TILE_WIDTH);
  for (let bundle = next; bundle < last; bundle += 1) {
    for (; next < last && ahead.length < MAX_BUNDLES_AHEAD; next += 1) ahead.push(fetched(source, next, size));
    const entries = (await ahead.shift()) ?? [];
    const start = bundle * TILE_WIDTH;
    for (const [i, bytes] of entries.entries()) {
      const index = start + i;
      if (index >= from && index < end) yield { index, bytes };
    }
  }
}

/** @returns undefined for a place behind the end */
export async function readEntry(source: LogSource, size: number, index: number): Promise<Uint8Array | undefined> {
  if (index < 0 || index >= size) return undefined;
  const entries = await readBundle(source, Math.floor(index / TILE_WIDTH), size);
  return entries[index % TILE_WIDTH];
}

/** Fetched while others are read: whoever stops reading early must not meet the rejection of what nobody waits for any more. */
function fetched(source: LogSource, bundle: number, size: number): Promise<Uint8Array[]> {
  const entries = readBundle(source, bundle, size);
  entries.catch(() => undefined);
  return entries;
}

async function readBundle(source: LogSource, bundle: number, size: number): Promise<Uint8Array[]> {
  const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH);
  const path = bundlePath(bundle, width);
  const bytes = await source.read(path);
  if (bytes === undefined) {
    throw new GatebookError("LOG_CORRUPT", `${path} is missing: a log of ${size} entries has it`);
  }
  const entries = decodeBundle(bytes);
  if (entries.length !== width) {
    throw new GatebookError("LOG_CORRUPT", `${path} holds ${entries.length} entries instead of ${width}`);
  }
  return entries;
}
