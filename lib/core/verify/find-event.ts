/** Finding one event in the log itself: by its place, or by its source's id. */
import { GatebookError } from "../errors.ts";
import type { LogSource } from "../evidence/log-source.ts";
import { type LogEntry, readEntries, readEntry } from "../evidence/read-entries.ts";
import { decodeRecord } from "../record/decode-record.ts";

/** `#` and the entry's place, as search prints it after "entry". */
const PLACE = /^#(\d{1,15})$/;

/**
 * By its id, the whole log is read: for a large one, give the place.
 *
 * @param event `#1234`, or what search prints after "event"
 * @throws INPUT_INVALID when the log of this size has no such event, or several of that id
 */
export async function findEvent(log: LogSource, size: number, event: string): Promise<LogEntry> {
  const place = PLACE.exec(event)?.[1];
  if (place !== undefined) {
    const bytes = await readEntry(log, size, Number(place));
    if (bytes === undefined) throw notThere(`the checkpoint is of ${size} entries, so it has no entry ${event}`);
    return { index: Number(place), bytes };
  }
  const found = await findById(log, size, event);
  const [first, second] = found;
  if (first === undefined)
    throw notThere(`none of the ${size} entries that the checkpoint signs is the event ${event}`);
  if (second !== undefined) {
    const places = found.map(({ index }) => `#${index}`).join(", ");
    throw new GatebookError("INPUT_INVALID", `several sources have an event ${event}: choose one of ${places}`);
  }
  return first;
}

async function findById(log: LogSource, size: number, uid: string): Promise<LogEntry[]> {
  // As it stands in an entry: most entries are not parsed.
  const text = Buffer.from(JSON.stringify(uid));
  const found: LogEntry[] = [];
  for await (const entry of readEntries(log, { size, from: 0, to: size })) {
    const bytes = Buffer.from(entry.bytes.buffer, entry.bytes.byteOffset, entry.bytes.byteLength);
    if (bytes.includes(text) && decodeRecord(bytes).event.metadata.uid === uid) found.push(entry);
  }
  return found;
}

function notThere(reason: string): GatebookError {
  return new GatebookError(
    "INPUT_INVALID",
    `${reason}: a new event is signed within a minute or two; see search for its id`,
  );
}
