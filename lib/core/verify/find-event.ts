/** Finding one event in the log itself: by its place, or by its source's id. */
import { GatebookError } from "../errors.ts";
import { type EntryPlace, formatPlace, parsePlace } from "../evidence/entry-place.ts";
import { readEntries, readEntry } from "../evidence/read-entries.ts";
import type { ShardLog } from "../evidence/shard-log.ts";
import { decodeRecord } from "../record/decode-record.ts";

export interface FoundEntry extends EntryPlace {
  readonly bytes: Uint8Array;
}

/**
 * By its id, the whole log is read: for a large one, give the place.
 *
 * @param shards as far as they are signed
 * @param event its place (`#1234`, in shard 2 `#2/1234`), or what search prints after "event"
 * @throws INPUT_INVALID when the log of this size has no such event, or several of that id
 */
export async function findEvent(shards: readonly ShardLog[], event: string): Promise<FoundEntry> {
  const place = parsePlace(event);
  if (place !== undefined) return entryAt(shards, place, event);
  const found: FoundEntry[] = [];
  for (const shard of shards) found.push(...(await findById(shard, event)));
  const [first, second] = found;
  if (first === undefined) {
    const size = shards.reduce((sum, each) => sum + each.size, 0);
    throw notThere(`none of the ${size} entries that the checkpoint signs is the event ${event}`);
  }
  if (second !== undefined) {
    const places = found.map(formatPlace).join(", ");
    throw new GatebookError("INPUT_INVALID", `several sources have an event ${event}: choose one of ${places}`);
  }
  return first;
}

async function entryAt(shards: readonly ShardLog[], place: EntryPlace, event: string): Promise<FoundEntry> {
  const from = shards.find(({ shard }) => shard === place.shard);
  const bytes = from && (await readEntry(from.log, from.size, place.index));
  if (bytes !== undefined) return { ...place, bytes };
  const signed = place.shard === 0 ? "the checkpoint is of" : `the checkpoint of shard ${place.shard} is of`;
  throw notThere(`${signed} ${from?.size ?? 0} entries, so it has no entry ${event}`);
}

async function findById({ shard, log, size }: ShardLog, uid: string): Promise<FoundEntry[]> {
  // As it stands in an entry: most entries are not parsed.
  const text = Buffer.from(JSON.stringify(uid));
  const found: FoundEntry[] = [];
  for await (const entry of readEntries(log, { size, from: 0, to: size })) {
    const bytes = Buffer.from(entry.bytes.buffer, entry.bytes.byteOffset, entry.bytes.byteLength);
    if (bytes.includes(text) && decodeRecord(bytes).event.metadata.uid === uid) found.push({ shard, ...entry });
  }
  return found;
}

function notThere(reason: string): GatebookError {
  return new GatebookError(
    "INPUT_INVALID",
    `${reason}: a new event is signed within a minute or two; see search for its id`,
  );
}
