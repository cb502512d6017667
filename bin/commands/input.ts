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

/** What could not be read, said on standard error: standard output is for results alone. */
export interface Complaints {
  add(broken: BrokenRecord): void;
  count(): number;
}

export function createComplaints(): Complaints {
  let count = 0;
  return {
    add({ at, problem }) {
      count++;
      console.error(`${at}: ${problem}`);
    },
    count: () => count,
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
      complaints.add({ at, problem: error instanceof Error ? error.message : String(error) });
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
