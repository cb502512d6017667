/** The record path in memory: from a message's text to the encoded entry, against parsing the same texts as JSON. */

import { accessOf } from "../functions/access.ts";
import { memoryEventIndex } from "../lib/adapters/memory-event-index.ts";
import type { AppendEntry } from "../lib/core/evidence/append-entry.ts";
import { keyName } from "../lib/core/evidence/event-index.ts";
import { createRecorder, type Record } from "../lib/core/record/recorder.ts";
import { compare } from "./compare.ts";
import { distinctMessages, readSettings } from "./events.ts";
import type { Measurement } from "./measurement.ts";

const MESSAGES = 2_000;
/** What the function that records gets at once. */
const BATCH = 1_000;
const RATIO_BOUND = 0.08;
/** Messages made for each entry wanted. */
const SPARE = 2;

export async function measureRecordPath(): Promise<Measurement[]> {
  const messages = distinctMessages(MESSAGES);
  const settings = readSettings();
  const record = createRecorder({ settings, access: accessOf(settings), index: memoryEventIndex() });
  const { workMs, ratio } = await compare(
    () => {
      for (const message of messages) JSON.parse(message);
    },
    async () => {
      await recordAll(record, messages);
    },
  );
  return [
    {
      benchmark: "record-path",
      work: `message to encoded entry, batches of ${BATCH.toLocaleString("en")}`,
      value: MESSAGES / (workMs / 1000),
      unit: "events/s",
      ratio: { value: ratio, to: "JSON.parse" },
      bound: { of: "ratio", atLeast: RATIO_BOUND },
    },
  ];
}

/** Entries of different events, as the log takes them. Recordings without an id of their own are one event however often they are copied. */
export async function distinctEntries(count: number): Promise<AppendEntry[]> {
  const record = createRecorder({ settings: readSettings(), index: memoryEventIndex() });
  const entries = await recordAll(record, distinctMessages(count * SPARE));
  const distinct = [...new Map(entries.map((entry) => [keyName(entry.index), entry])).values()];
  if (distinct.length < count) throw new Error(`there are only ${distinct.length} different events: vary their ids`);
  return distinct.slice(0, count);
}

async function recordAll(record: Record, messages: readonly string[]): Promise<AppendEntry[]> {
  const entries: AppendEntry[] = [];
  for (let from = 0; from < messages.length; from += BATCH) {
    const arrivals = messages.slice(from, from + BATCH).map((body, i) => ({ id: String(from + i), body }));
    const { recorded, rejected } = await record(arrivals);
    const [first] = rejected;
    if (first !== undefined) throw new Error(`the recorder refuses a recorded event: ${first.reason}`);
    for (const { append } of recorded) entries.push(append);
  }
  return entries;
}
