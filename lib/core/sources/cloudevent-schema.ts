/** A CloudEvent (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md) as functions/events enqueues it: with who sent it. */
import * as z from "zod";
import { isPrincipalArn } from "./aws/arn.ts";
import { object, read, text } from "./fields.ts";
import { MAX_TIME_MS } from "./github/github-schema.ts";
import { isObject, type JsonObject, sha256Hex } from "./json.ts";

const words = z.string("is missing, or no text").min(1, "is empty");

/** Extensions and other attributes pass; those that the specification requires are there. */
const CloudEvent = z.object({
  specversion: z.literal("1.0", "is not 1.0, the version that Gatebook takes"),
  id: words,
  source: words,
  type: words,
  subject: text,
  time: text,
  data: object,
});
type CloudEvent = z.infer<typeof CloudEvent>;

/** Whom IAM let in, as API Gateway tells it. */
export const EventCaller = z.object({
  arn: z.string().refine(isPrincipalArn, "is no ARN of a principal"),
  account: z.string().regex(/^\d{12}$/, "is no account"),
  /** Identifier of the access key, never the secret. */
  credential: text,
  sourceAddress: text,
});
export type EventCaller = z.infer<typeof EventCaller>;

const Envelope = z.object({
  receivedAt: z.int().min(0).max(MAX_TIME_MS),
  caller: EventCaller,
  event: z.custom<JsonObject>(isObject, "is no object"),
});

export interface CloudEventMessage {
  readonly kind: "cloudevent";
  /** The event as it was enqueued: the text that `raw_data` is made of. */
  readonly raw: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly caller: EventCaller;
  readonly event: CloudEvent;
  /** The whole event, with what our schema does not know. */
  readonly original: JsonObject;
}

export function readCloudEventMessage(message: JsonObject): CloudEventMessage {
  const { receivedAt, caller, event: original } = read(Envelope, message, "the message of a CloudEvent");
  const event = readCloudEvent(original);
  return { kind: "cloudevent", raw: JSON.stringify(original), receivedAt, caller, event, original };
}

export function isCloudEvent(value: unknown): value is JsonObject {
  return isObject(value) && "specversion" in value && "source" in value && "type" in value;
}

export function readCloudEvent(original: unknown): CloudEvent {
  return read(CloudEvent, original, "the CloudEvent");
}

/**
 * Source and id tell an event apart from all others, as the specification has it; within the account that sent it, so that none can use up
 * the identity of another's event. A URI has no spaces: the three parts stay three.
 */
export function cloudEventUid({ caller, event }: CloudEventMessage): string {
  return `${caller.account} ${event.source} ${event.id}`;
}

/** The same of the event as it arrived: a source may be a URL with a password in it, which no index may learn. */
export function cloudEventHash(message: CloudEventMessage): string {
  return sha256Hex(cloudEventUid(message));
}
