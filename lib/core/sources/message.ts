/** What the intake queue carries: an EventBridge event, a raw CloudTrail record, a webhook, or Gatebook's own doing. */
import { GatebookError } from "../errors.ts";
import type { CloudTrailMessage } from "./cloudtrail.ts";
import { isCloudTrailRecord, readCloudTrailRecord } from "./cloudtrail-schema.ts";
import { EventBridgeEvent, type EventBridgeMessage, isEventBridgeEvent, isFromAws } from "./eventbridge-schema.ts";
import { read } from "./fields.ts";
import { type GatebookMessage, readGatebookMessage } from "./gatebook.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";
import { readWebhookMessage } from "./webhook-message.ts";
import type { WebhookMessage } from "./webhook-source.ts";

export type Message = CloudTrailMessage | EventBridgeMessage | WebhookMessage | GatebookMessage;

/** `AWS API Call via CloudTrail`, `AWS Console Sign In via CloudTrail` however it is spelt, console actions, service events, insights. */
const VIA_CLOUDTRAIL = /^AWS .+ via CloudTrail$/;

/**
 * Reads one message. Fields that we do not know pass, and what we read may be missing: only a text that is none of the four kinds, or whose
 * time cannot be read, is refused with INPUT_INVALID.
 *
 * @example
 * const { event, action, granted } = normalise(parseMessage(sqsRecord.body));
 */
export function parseMessage(body: string): Message {
  const value = parseJson(body, "the message");
  if (!isObject(value)) throw new GatebookError("INPUT_INVALID", "the message is JSON, and no object");
  if (value["v"] === 1 && typeof value["kind"] === "string") return ownMessage(value, body);
  if (isEventBridgeEvent(value)) return eventBridgeMessage(value, body);
  if (isCloudTrailRecord(value)) return cloudTrailMessage(value, body);
  throw new GatebookError(
    "INPUT_INVALID",
    "the message is neither an EventBridge event (detail-type, source), nor a CloudTrail record (eventSource, eventName), nor one of kind webhook or gatebook (v: 1)",
  );
}

function ownMessage(value: JsonObject, body: string): Message {
  switch (value["kind"]) {
    case "webhook":
      return readWebhookMessage(value);
    case "gatebook":
      return readGatebookMessage(value, body);
    default:
      throw new GatebookError("INPUT_INVALID", "the message cannot be read: kind: is neither webhook nor gatebook");
  }
}

function eventBridgeMessage(original: JsonObject, raw: string): Message {
  const event = read(EventBridgeEvent, original, "the EventBridge event");
  // Anybody allowed to put events may write a CloudTrail record into one; under a source of AWS's only AWS may.
  const isCloudTrail = isFromAws(event) && VIA_CLOUDTRAIL.test(event["detail-type"]);
  if (isCloudTrail && isCloudTrailRecord(event.detail)) return cloudTrailMessage(event.detail, raw, event);
  return { kind: "eventbridge", raw, event, original };
}

function cloudTrailMessage(original: JsonObject, raw: string, envelope?: EventBridgeEvent): CloudTrailMessage {
  const record = readCloudTrailRecord(original, envelope?.time);
  return { kind: "cloudtrail", raw, record, original, ...(envelope?.id !== undefined && { envelopeId: envelope.id }) };
}
