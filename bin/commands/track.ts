/** Following events through a running stack: which are in the index, by the same key that recording gives them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { type EventIndex, keyName } from "../../lib/core/evidence/event-index.ts";
import { classifier } from "../../lib/core/record/classify.ts";
import type { IndexKey } from "../../lib/core/record/index-entry.ts";
import { prepareRecord } from "../../lib/core/record/prepare-record.ts";
import type { Arrival } from "../../lib/core/record/recorder.ts";
import type { Complaints } from "./input.ts";

const POLL_MS = 300;
/** Without a single event more in the index. A batch that failed comes back after the queue's visibility timeout, six minutes. */
const MAX_STANDSTILL_MS = 8 * 60 * 1000;

export interface Tracked extends Arrival {
  readonly key: IndexKey;
}

/** What is no event is said, and not sent: a running stack would put it aside with the same reason. */
export async function track(
  arrivals: Iterable<Arrival>,
  configuration: Configuration,
  complaints: Complaints,
): Promise<Tracked[]> {
  const classify = classifier(configuration);
  const tracked: Tracked[] = [];
  for (const arrival of arrivals) {
    try {
      const { entry } = await prepareRecord(arrival.body, classify);
      const { principal, eventKey, identity } = entry;
      // With the identity: a webhook that tells no time of its own has another key each time that it is sent.
      tracked.push({ ...arrival, key: { principal, eventKey, ...(identity !== undefined && { identity }) } });
    } catch (error) {
      complaints.addRecord({ at: arrival.id, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return tracked;
}

export interface Waiting {
  readonly index: Pick<EventIndex, "known">;
  readonly signal: AbortSignal;
  onProgress(known: number): void;
}

/** @returns those that did not get into the index, after waiting for as long as others did */
export async function waitUntilKnown(
  keys: readonly IndexKey[],
  { index, signal, onProgress }: Waiting,
): Promise<IndexKey[]> {
  let missing = [...keys];
  for (let last = Date.now(); missing.length > 0 && !signal.aborted; ) {
    const known = await index.known(missing);
    if (known.size > 0) {
      missing = missing.filter((key) => !known.has(keyName(key)));
      last = Date.now();
      onProgress(keys.length - missing.length);
    } else if (Date.now() - last > MAX_STANDSTILL_MS) {
      break;
    }
    if (missing.length > 0) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return missing;
}

/** One of each key: an event that came twice is one. */
export function distinctKeys(tracked: readonly Tracked[]): IndexKey[] {
  return [...new Map(tracked.map(({ key }) => [keyName(key), key])).values()];
}
