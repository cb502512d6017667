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
import { recordedMessage } from "../../lib/core/sources/recorded.ts";

/** What could not be used, said on standard error: standard output is for results alone. */
export interface Complaints {
  /** A line that is no JSON, or a file that is no rule: `FILE:LINE`. */
  add(broken: BrokenRecord): void;
  /** A record that is no event: `FILE:N`, N counting records from 0, not lines. */
  addRecord(rejected: BrokenRecord): void;
  count(): number;
  /** How often each problem was met. */
  reasons(): Readonly<Record<string, number>>;
}

export function createComplaints(): Complaints {
  const reasons = new Map<string, number>();
  const say = (where: string, problem: string): void => {
    reasons.set(problem, (reasons.get(problem) ?? 0) + 1);
    console.error(`${where}: ${problem}`);
  };
  return {
    add: ({ at, problem }) => say(at, problem),
    addRecord: ({ at, problem }) => say(at.replace(/:(\d+)$/, ", record $1"), problem),
    count: () => [...reasons.values()].reduce((sum, count) => sum + count, 0),
    reasons: () => Object.fromEntries(reasons),
  };
}

export function* readEvents(paths: readonly string[], complaints: Complaints): Generator<RecordedEvent> {
  for (const file of listEventFiles(paths)) {
    for (const record of readRecordedEvents(file)) {
      if ("problem" in record) complaints.add(record);
      else yield record;
    }
  }
}

/** The events as messages of the intake queue; `id` is where each stands. */
export function* readArrivals(paths: readonly string[], complaints: Complaints): Generator<Arrival> {
  const receivedAt = Date.now();
  for (const { at, value } of readEvents(paths, complaints)) {
    try {
      yield { id: at, body: recordedMessage(value, receivedAt) };
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
