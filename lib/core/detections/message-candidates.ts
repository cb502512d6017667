/** Messages of an example, on the way that every event takes: parsed, redacted, normalised, classified, linked. */
import { GatebookError } from "../errors.ts";
import { classifier } from "../record/classify.ts";
import { toCandidate } from "../record/detect-batch.ts";
import { type PreparedRecord, prepareRecord } from "../record/prepare-record.ts";
import { nameHolders } from "../record/session-holder.ts";
import { recordViewer, type ViewedRecord } from "../record/view-records.ts";
import { readRecorded } from "../sources/recorded/recorded.ts";
import type { Arriving, ExampleWorld } from "./example.ts";

/** When a message came in that tells no time of its own: a Thursday's noon, and each a second after the one before. */
const RECEIVED_AT = Date.UTC(2026, 10, 19, 12);
const STEP_MS = 1_000;

/** One event, and which of the messages it came in. */
interface Told {
  readonly position: number;
  readonly body: string;
}

/** Each batch of events finds in the index what the batches before it have left there. */
type RecordBatch = (told: readonly Told[]) => Promise<ViewedRecord<PreparedRecord>[]>;

/**
 * Together and one by one, since a rule has to say the same of either.
 *
 * @throws GatebookError `INPUT_INVALID` for a message that is no event
 */
export async function messageCandidates(messages: readonly unknown[], world: ExampleWorld): Promise<Arriving[]> {
  const told = (
    await Promise.all(messages.map((message, position) => at(position, async () => eventsIn(message, position))))
  ).flat();
  const together = await batchRecorder(world)(told);
  const record = batchRecorder(world);
  const oneByOne: ViewedRecord<PreparedRecord>[] = [];
  for (const each of told) oneByOne.push(...(await record([each])));
  const ways = [{ how: "when its messages arrive together", candidates: together.map(toCandidate) }];
  if (told.length === 1) return ways.map((way) => ({ ...way, how: "" }));
  return [...ways, { how: "when its messages arrive one by one", candidates: oneByOne.map(toCandidate) }];
}

/** A message may hold several events: the records of a log file. */
function eventsIn(message: unknown, position: number): Told[] {
  return readRecorded(message, { receivedAt: RECEIVED_AT + position * STEP_MS }).map((recorded) => {
    if (recorded.outcome === "event") return { position, body: recorded.body };
    throw new GatebookError("INPUT_INVALID", `is ${recorded.what}`);
  });
}

/** Says of what is wrong in which message it is. */
async function at<T>(position: number, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (!(cause instanceof GatebookError)) throw cause;
    throw new GatebookError(cause.code, `messages[${position}]: ${cause.message}`, { cause });
  }
}

function batchRecorder({ configuration, createIndex }: ExampleWorld): RecordBatch {
  const classify = classifier(configuration);
  const view = recordViewer(configuration);
  const index = createIndex();
  const raws: string[] = [];
  const events = { rawAt: async (place: { readonly index: number }) => raws[place.index] };
  return async (told) => {
    const prepared = await Promise.all(
      told.map(({ position, body }) => at(position, () => prepareRecord(body, classify))),
    );
    prepared.sort((a, b) => a.normalised.event.time - b.normalised.event.time);
    const records = await nameHolders(prepared, index);
    const viewed = await view(records, { index, events, attempt: async (_, step) => step() });
    const from = raws.length;
    raws.push(...viewed.map(({ record }) => record.normalised.event.raw_data ?? ""));
    const entries = viewed.map(({ record: { entry }, trace }) => ({ ...entry, ...(trace !== undefined && { trace }) }));
    await index.write({ origin: "example/0", time: from, from, size: raws.length, entries });
    return viewed;
  };
}
