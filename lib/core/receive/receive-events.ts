/** What becomes of one request with CloudEvents: messages for the intake queue, or a refusal of all of them. */
import { GatebookError } from "../errors.ts";
import { EventCaller } from "../sources/cloudevent-schema.ts";
import type { JsonObject } from "../sources/json.ts";
import { checkCloudEvent, modeOf, parseCloudEvents } from "./parse-cloudevents.ts";
import { MAX_BODY_BYTES } from "./receive-webhook.ts";
import { MAX_STORED_BYTES } from "./stored-message.ts";

/** To a request. With a few kilobytes each they fill the body that a function can be given. */
export const MAX_EVENTS = 500;

export interface EventsRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** What API Gateway tells of whom IAM let in. */
  readonly caller: unknown;
}

export type EventsReception =
  | { readonly outcome: "accepted"; readonly messages: readonly string[] }
  | { readonly outcome: "refused"; readonly status: 400 | 403 | 413 | 415; readonly detail: string };

/** All or nothing: one event that is none refuses the request, and names its place. */
export function receiveEvents({ headers, body, receivedAt, caller: given }: EventsRequest): EventsReception {
  const caller = EventCaller.safeParse(given);
  // A route that lost its authoriser would let anybody in: without a caller nothing is taken.
  if (!caller.success) return refuse(403, "The request is not signed by a principal that IAM knows.");
  if (body.length > MAX_BODY_BYTES)
    return refuse(413, `The body has ${body.length} bytes; the limit is ${MAX_BODY_BYTES}. Send fewer events at once.`);
  const mode = modeOf(headers);
  if (mode === undefined) {
    return refuse(
      415,
      "The request holds no CloudEvent. Send application/cloudevents+json, application/cloudevents-batch+json, or an event's attributes as ce- headers.",
    );
  }
  try {
    const values = parseCloudEvents(mode, headers, body);
    if (values.length > MAX_EVENTS)
      return refuse(413, `The batch has ${values.length} events; the limit is ${MAX_EVENTS}. Send them in several.`);
    const events = values.map((value, index) => check(value, index, { mode, receivedAt }));
    const messages = events.map((event) => messageOf(event, caller.data, receivedAt));
    if (messages.some((message) => Buffer.byteLength(message) > MAX_STORED_BYTES))
      return refuse(413, "An event is too large once its characters are escaped. Send less data with it.");
    return { outcome: "accepted", messages };
  } catch (error) {
    if (error instanceof GatebookError) return refuse(400, `${upper(error.message)}.`);
    throw error;
  }
}

function check(value: unknown, index: number, { mode, receivedAt }: { mode: string; receivedAt: number }): JsonObject {
  try {
    return checkCloudEvent(value, receivedAt);
  } catch (error) {
    if (mode !== "batch" || !(error instanceof GatebookError)) throw error;
    throw new GatebookError(error.code, `event ${index} of the batch (counted from 0): ${error.message}`, {
      cause: error,
    });
  }
}

/** SQS refuses U+FFFE and U+FFFF, and its emulators what lies beyond the basic plane; as escapes they are the same JSON. */
const NOT_FOR_QUEUES = /[\ud800-\udfff\ufffe\uffff]/g;

function messageOf(event: JsonObject, caller: EventCaller, receivedAt: number): string {
  return JSON.stringify({ v: 1, kind: "cloudevent", receivedAt, caller, event }).replace(
    NOT_FOR_QUEUES,
    (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
  );
}

function upper(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

function refuse(status: 400 | 403 | 413 | 415, detail: string): EventsReception {
  return { outcome: "refused", status, detail };
}
