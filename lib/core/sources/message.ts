/** What the intake queue carries: an EventBridge event, a raw CloudTrail record, a webhook, a CloudEvent, or Gatebook's own doing. */
import { GatebookError } from "../errors.ts";
import {
  type EventBridgeMessage,
  isEventBridgeEvent,
  isFromAws,
  readEventBridgeEvent,
} from "./aws/eventbridge-schema.ts";
import { type CloudEventMessage, readCloudEventMessage } from "./cloudevent-schema.ts";
import type { CloudTrailMessage } from "./cloudtrail/cloudtrail.ts";
import { isCloudTrailRecord, readCloudTrailRecord } from "./cloudtrail/cloudtrail-schema.ts";
import { type GatebookMessage, readGatebookMessage } from "./gatebook.ts";
import { type GitHubAuditMessage, gitHubAuditMessage, isGitHubAuditRecord } from "./github/github-audit-schema.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";
import { type RecordedMessage, readRecording } from "./recorded/recorded-record.ts";
import { readWebhookMessage } from "./webhooks/webhook-message.ts";
import type { WebhookMessage } from "./webhooks/webhook-source.ts";

export type Message =
  | CloudTrailMessage
  | EventBridgeMessage
  | WebhookMessage
  | CloudEventMessage
  | GitHubAuditMessage
  | GatebookMessage
  | RecordedMessage;

/** `AWS API Call via CloudTrail`, `AWS Console Sign In via CloudTrail` however it is spelt, console actions, service events, insights. */
const VIA_CLOUDTRAIL = /^AWS .+ via CloudTrail$/;

/**
 * Reads one message. Fields that we do not know pass, and what we read may be missing: only a text that is none of these kinds, or whose
 * time cannot be read, is refused with INPUT_INVALID.
 *
 * @example
 * const { event, action, granted } = normalise(parseMessage(sqsRecord.body));
 */
export function parseMessage(body: string): Message {
  const value = parseJson(body, "the message");
  if (!isObject(value)) throw new GatebookError("INPUT_INVALID", "the message is JSON, and no object");
  if (value["v"] === 1 && typeof value["kind"] === "string") return ownMessage(value, body);
  if (isGitHubAuditRecord(value)) return gitHubAuditMessage(value, body);
  return awsMessage(value, body);
}

/** @param standIn a time (RFC 3339) for a recording that tells none that can be read */
function awsMessage(value: JsonObject, body: string, standIn?: string): CloudTrailMessage | EventBridgeMessage {
  if (isEventBridgeEvent(value)) return eventBridgeMessage(value, body, standIn);
  if (isCloudTrailRecord(value)) return cloudTrailMessage(value, body, { time: standIn });
  throw new GatebookError(
    "INPUT_INVALID",
    "the message is neither an EventBridge event (detail-type, source), nor a CloudTrail record (eventSource, eventName), nor a record of GitHub's audit log (action, @timestamp), nor one of kind webhook, cloudevent or gatebook (v: 1)",
  );
}

function ownMessage(value: JsonObject, body: string): Message {
  switch (value["kind"]) {
    case "webhook":
      return readWebhookMessage(value);
    case "cloudevent":
      return readCloudEventMessage(value);
    case "gatebook":
      return readGatebookMessage(value, body);
    case "recorded":
      return recordedMessage(value);
    default:
      throw new GatebookError(
        "INPUT_INVALID",
        "the message cannot be read: kind: is neither webhook, cloudevent nor gatebook",
      );
  }
}

function recordedMessage(message: JsonObject): Message {
  const { system, event, receivedAt } = readRecording(message);
  const raw = JSON.stringify(event);
  if (system !== undefined) return { kind: "recorded", system, raw, receivedAt, original: event };
  return { ...awsMessage(event, raw, new Date(receivedAt).toISOString()), receivedAt };
}

function eventBridgeMessage(original: JsonObject, raw: string, standIn?: string) {
  const event = readEventBridgeEvent(original, standIn);
  // Anybody allowed to put events may write a CloudTrail record into one; under a source of AWS's only AWS may.
  const isCloudTrail = isFromAws(event) && VIA_CLOUDTRAIL.test(event["detail-type"]);
  if (isCloudTrail && isCloudTrailRecord(event.detail)) return cloudTrailMessage(event.detail, raw, event);
  return { kind: "eventbridge", raw, event, original } as const;
}

type Envelope = { readonly id?: string | undefined; readonly time: string | undefined };

function cloudTrailMessage(original: JsonObject, raw: string, { id, time }: Envelope): CloudTrailMessage {
  const record = readCloudTrailRecord(original, time);
  return { kind: "cloudtrail", raw, record, original, ...(id !== undefined && { envelopeId: id }) };
}
