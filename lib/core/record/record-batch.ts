/** A batch of messages into the log, slice by slice: a body that was too large for the queue is in memory with its own slice only. */
import { GatebookError } from "../errors.ts";
import type { Append } from "../evidence/append.ts";
import type { MessageStore } from "../receive/message-store.ts";
import { fetchBody, storedBytes } from "../receive/stored-message.ts";
import type { Arrival, Record, Rejected } from "./recorder.ts";

/**
 * Fetched bodies to a slice, their sum as text: a batch of pointers could stand for gigabytes. A push's commits take 25 times their size while
 * they are parsed, redacted and encoded; a hostile text of nothing but empty objects 75 times, which is 700 MB of the function's 1 GiB.
 */
export const MAX_SLICE_BYTES = 8 * 1024 * 1024;

export interface BatchWorld {
  readonly record: Record;
  readonly append: Append;
  readonly messages: MessageStore;
  /** Whether another slice can be done in the time that is left. */
  hasTime(): boolean;
}

/** What is not done yet and has to come again, each with the error if there was one. */
interface Postponed {
  readonly id: string;
  readonly error?: unknown;
}

export interface BatchOutcome {
  readonly recorded: number;
  readonly duplicates: number;
  /** With the body that the queue had: a pointer stays one. */
  readonly rejected: readonly Rejected[];
  readonly postponed: readonly Postponed[];
}

/**
 * Each slice is in the log before the next one is fetched, and the first is always done, so that a batch that comes again gets further.
 *
 * @throws whatever the log throws: some slices may be in it, and what is in it counts as a duplicate the next time
 */
export async function recordBatch(arrivals: readonly Arrival[], world: BatchWorld): Promise<BatchOutcome> {
  const outcome = { recorded: 0, duplicates: 0, rejected: [] as Rejected[], postponed: [] as Postponed[] };
  const byId = new Map(arrivals.map((arrival) => [arrival.id, arrival]));
  for (const [index, slice] of slicesOf(arrivals).entries()) {
    if (index > 0 && !world.hasTime()) {
      outcome.postponed.push(...slice.map(({ id }) => ({ id })));
      continue;
    }
    const { bodies, rejected, postponed } = await fetchAll(slice, world.messages);
    const done = await world.record(bodies);
    const { recorded, duplicates } = await world.append(done.recorded.map((each) => each.append));
    outcome.recorded += recorded;
    outcome.duplicates += duplicates;
    outcome.rejected.push(...rejected, ...done.rejected.map((each) => ({ ...each, ...byId.get(each.id) })));
    outcome.postponed.push(...postponed);
  }
  return outcome;
}

function slicesOf(arrivals: readonly Arrival[]): Arrival[][] {
  const slices: Arrival[][] = [[]];
  let bytes = 0;
  for (const arrival of arrivals) {
    const size = storedBytes(arrival.body);
    if (size > 0 && bytes > 0 && bytes + size > MAX_SLICE_BYTES) {
      slices.push([]);
      bytes = 0;
    }
    slices.at(-1)?.push(arrival);
    bytes += size;
  }
  return slices;
}

/** One object that cannot be read now holds up itself alone. */
async function fetchAll(slice: readonly Arrival[], messages: MessageStore) {
  const bodies: Arrival[] = [];
  const rejected: Rejected[] = [];
  const postponed: Postponed[] = [];
  await Promise.all(
    slice.map(async ({ id, body }) => {
      try {
        bodies.push({ id, body: await fetchBody(body, messages) });
      } catch (error) {
        const isWrong = error instanceof GatebookError && error.code === "INPUT_INVALID";
        if (isWrong) rejected.push({ id, body, reason: error.message });
        else postponed.push({ id, error });
      }
    }),
  );
  return { bodies, rejected, postponed };
}
