/** An example of a rule, as the events that a detector is asked about. */
import { GatebookError } from "../errors.ts";
import { isObject, type JsonObject } from "../sources/json.ts";
import type { Candidate } from "./detection.ts";
import type { Arriving, ExampleWorld } from "./example.ts";
import { messageCandidates } from "./message-candidates.ts";
import { type Logsource, RECORD_LOGSOURCE } from "./rule.ts";

/**
 * `record` is one record or a list of them, in the order of their time, each as the log source writes it; or `{ messages }`, as their sources send
 * them, which go the whole way of an event.
 *
 * @throws GatebookError `INPUT_INVALID` for what is none of these
 */
export async function exampleCandidates(
  record: unknown,
  logsource: Logsource,
  world: ExampleWorld,
): Promise<readonly Arriving[]> {
  const messages = messagesOf(record);
  if (messages !== undefined) return messageCandidates(messages, world);
  const records = Array.isArray(record) ? record : [record];
  if (records.length === 0) throw new GatebookError("INPUT_INVALID", "is an empty list: it shows nothing");
  return [{ how: "", candidates: inOrder(records, logsource) }];
}

function messagesOf(record: unknown): readonly unknown[] | undefined {
  const messages = isObject(record) && Object.keys(record).length === 1 ? record["messages"] : undefined;
  if (messages === undefined) return undefined;
  if (Array.isArray(messages) && messages.length > 0) return messages;
  throw new GatebookError("INPUT_INVALID", "messages: must be a list of at least one message, as its source writes it");
}

const STEP_MS = 1_000;

/** What tells no time follows what is before it. */
function inOrder(records: readonly unknown[], logsource: Logsource): Candidate[] {
  let time = 0;
  return records.map((record, i) => {
    time = timeIn(record) ?? time + STEP_MS;
    const name = { id: String(i), event: String(i), time };
    return logsource.product === RECORD_LOGSOURCE.product
      ? { ...name, view: record }
      : { ...name, raw: { ...logsource, record } };
  });
}

/** Where records of the log sources that Gatebook reads, and the normalised record, have their time. */
const TIMES = ["eventTime", "time", "@timestamp", "created_at"];

function timeIn(record: unknown): number | undefined {
  const told = isObject(record) ? TIMES.map((name) => (record as JsonObject)[name]) : [];
  const times = told.map((value) => (typeof value === "string" ? Date.parse(value) : value));
  return times.find((value): value is number => typeof value === "number" && Number.isFinite(value));
}
