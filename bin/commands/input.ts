/** What verbs that read recorded events share: the paths, the broken ones said on standard error, the settings. */
import { readFileSync } from "node:fs";
import {
  type BrokenRecord,
  listEventFiles,
  type RecordedEvent,
  readRecordedEvents,
} from "../../lib/adapters/recorded-files.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import type { Arrival } from "../../lib/core/record/recorder.ts";
import { readRecorded } from "../../lib/core/sources/recorded/recorded.ts";

/** What could not be used, said on standard error: standard output is for results alone. */
export interface Complaints {
  /** A line that is no JSON, or a file that is no rule: `FILE:LINE`. */
  add(broken: BrokenRecord): void;
  /** A record that cannot be read: `FILE:N`, N counting records from 0, not lines. */
  addRecord(rejected: BrokenRecord): void;
  /** A record that is no event and need not be one, such as a notification: said, and not counted among what is wrong. */
  addNoEvent(at: string, what: string): void;
  count(): number;
  noEvents(): number;
  /** How often each problem was met. */
  reasons(): Readonly<Record<string, number>>;
}

export function createComplaints(): Complaints {
  const reasons = new Map<string, number>();
  let noEvents = 0;
  const say = (where: string, problem: string): void => {
    reasons.set(problem, (reasons.get(problem) ?? 0) + 1);
    console.error(`${where}: ${problem}`);
  };
  return {
    add: ({ at, problem }) => say(at, problem),
    addRecord: ({ at, problem }) => say(recordAt(at), problem),
    addNoEvent: (at, what) => {
      noEvents++;
      console.error(`${recordAt(at)}: is ${what}, and no event of a source that Gatebook knows`);
    },
    count: () => [...reasons.values()].reduce((sum, count) => sum + count, 0),
    noEvents: () => noEvents,
    reasons: () => Object.fromEntries(reasons),
  };
}

function recordAt(at: string): string {
  return at.replace(/:([\d.]+)$/, ", record $1");
}

export function* readEvents(paths: readonly string[], complaints: Complaints): Generator<RecordedEvent> {
  for (const file of listEventFiles(paths)) {
    for (const record of readRecordedEvents(file)) {
      if ("problem" in record) complaints.add(record);
      else yield record;
    }
  }
}

/** `id` is where the event stands: `FILE:N`, or `FILE:N.M` for one of several that a single record holds. */
export interface RecordedArrival extends Arrival {
  /** The system or the format that it is from. */
  readonly family: string;
}

/** The events as messages of the intake queue. */
export function* readArrivals(paths: readonly string[], complaints: Complaints): Generator<RecordedArrival> {
  const receivedAt = Date.now();
  for (const { at, value, hints } of readEvents(paths, complaints)) {
    try {
      const recorded = readRecorded(value, { receivedAt, hints });
      for (const [m, found] of recorded.entries()) {
        const id = recorded.length === 1 ? at : `${at}.${m}`;
        if (found.outcome === "event") yield { id, body: found.body, family: found.family };
        else complaints.addNoEvent(id, found.what);
      }
    } catch (error) {
      complaints.addRecord({ at, problem: error instanceof Error ? error.message : String(error) });
    }
  }
}

export function readConfiguration(file: string): Configuration {
  try {
    return parseConfiguration(readFileSync(file, "utf8"), file);
  } catch (error) {
    if (error instanceof GatebookError) throw error;
    throw new GatebookError(
      "INPUT_INVALID",
      `${file}: cannot be read: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}
