/** A recorded event, in any of the forms in which people keep them, as a message of the intake queue. */
import { GatebookError } from "../../errors.ts";
import { eventBridgeTime, isEventBridgeEvent } from "../aws/eventbridge-schema.ts";
import { isCloudEvent } from "../cloudevent-schema.ts";
import { cloudTrailTime, isCloudTrailRecord } from "../cloudtrail/cloudtrail-schema.ts";
import { isGitHubAuditRecord } from "../github/github-audit-schema.ts";
import { isObject, type JsonObject, parseJsonObject } from "../json.ts";
import { carriedText, noEventName } from "./no-event.ts";
import type { Circumstances, Recorded } from "./recorded-outcome.ts";
import { recordedSystemOf } from "./recorded-system.ts";
import { recordedWebhook, standardBody, webhookBody } from "./recorded-webhook.ts";

/** What a recording may be wrapped in, beside notes on where it is from. */
const WRAPPERS = ["event", "data", "record"];

/** A sample of a queue's message of a notification of an event is the deepest that anybody keeps; hostile nesting goes no further. */
const MAX_NESTING = 4;

/**
 * Takes an EventBridge event, a CloudTrail record or a list of them, a message of the intake queue, a webhook as `{ headers, body }` or its
 * body alone, a record of some other systems, or one of these as the `event` of a sample or in a notification. Which system sent a webhook is
 * told by `source`, by the header that names its event, or by the body.
 *
 * @throws GatebookError `INPUT_INVALID` for what may be an event and cannot be told
 */
export function readRecorded(value: unknown, circumstances: Circumstances): readonly Recorded[] {
  if (!isObject(value)) throw new GatebookError("INPUT_INVALID", "is JSON, and no object");
  const recorded = recognise(value, circumstances, MAX_NESTING);
  if (recorded.length > 0) return recorded;
  const standard = standardBody(value, circumstances);
  if (standard !== undefined) return [standard];
  throw new GatebookError(
    "INPUT_INVALID",
    "is no event that Gatebook can tell: neither an EventBridge event (detail-type, source), nor a CloudTrail record (eventSource, eventName), nor a record of GitHub's audit log (action, @timestamp), nor a webhook of a system that it knows; a webhook is told best as { headers, body }",
  );
}

/**
 * The one event in a value, as a message of the intake queue.
 *
 * @throws GatebookError `INPUT_INVALID` where there is none, or more than one
 */
export function recordedMessage(value: unknown, receivedAt: number): string {
  const [recorded, ...more] = readRecorded(value, { receivedAt });
  if (recorded?.outcome === "event" && more.length === 0) return recorded.body;
  throw new GatebookError("INPUT_INVALID", recorded?.outcome === "no-event" ? `is ${recorded.what}` : "is many events");
}

function recognise(value: JsonObject, circumstances: Circumstances, nesting: number): readonly Recorded[] {
  const event =
    isObject(value["headers"]) && "body" in value && !isMessage(value)
      ? recordedWebhook(value, circumstances)
      : (ownEvent(value, circumstances) ?? webhookBody(value, circumstances));
  if (event !== undefined) return [event];
  const within = nesting > 0 ? recogniseWithin(value, circumstances, nesting - 1) : [];
  if (within.length > 0) return within;
  const what = noEventName(value);
  return what === undefined ? [] : [{ outcome: "no-event", what }];
}

/** The records of a list, what a sample is about, or what a notification carries: the first of these that is anything. */
function recogniseWithin(value: JsonObject, circumstances: Circumstances, nesting: number): readonly Recorded[] {
  const records = value["Records"];
  const members = Array.isArray(records) ? [records] : WRAPPERS.map((name) => [value[name]]);
  for (const candidates of [...members, [parseJsonObject(carriedText(value))]]) {
    const found = candidates.filter(isObject).flatMap((candidate) => recognise(candidate, circumstances, nesting));
    if (found.length > 0) return found;
  }
  return [];
}

function ownEvent(value: JsonObject, { receivedAt }: Circumstances): Recorded | undefined {
  // Before anybody looks into its data: what a CloudEvent carries is its sender's word, whatever it looks like.
  if (isCloudEvent(value)) {
    throw new GatebookError(
      "INPUT_INVALID",
      "is a CloudEvent that nobody sent: write { caller: { arn, account }, event }",
    );
  }
  if (isCloudEvent(value["event"]) && isObject(value["caller"]) && !isMessage(value)) {
    const { caller, event } = value;
    const body = JSON.stringify({ v: 1, kind: "cloudevent", receivedAt, caller, event });
    return { outcome: "event", family: "cloudevent", body };
  }
  if (isMessage(value)) {
    const { kind, source } = value;
    return { outcome: "event", family: String(kind === "webhook" ? source : kind), body: JSON.stringify(value) };
  }
  const log = logOf(value);
  if (log !== undefined) {
    const body = log.isTimed ? value : { v: 1, kind: "recorded", receivedAt, event: value };
    return { outcome: "event", family: log.family, body: JSON.stringify(body) };
  }
  const system = recordedSystemOf(value);
  if (system === undefined) return undefined;
  const body = JSON.stringify({ v: 1, kind: "recorded", system, receivedAt, event: value });
  return { outcome: "event", family: system, body };
}

/** What is a message of the intake queue as it stands, and whether it tells a time that can be read. */
function logOf(value: JsonObject): { readonly family: string; readonly isTimed: boolean } | undefined {
  if (isGitHubAuditRecord(value)) return { family: "github-audit", isTimed: true };
  if (isEventBridgeEvent(value)) {
    const family = isCloudTrailRecord(value["detail"]) ? "cloudtrail" : "eventbridge";
    return { family, isTimed: eventBridgeTime(value) !== undefined };
  }
  if (!isCloudTrailRecord(value)) return undefined;
  return { family: "cloudtrail", isTimed: cloudTrailTime(value) !== undefined };
}

/** A message of the intake queue, as Gatebook itself writes it. */
function isMessage({ v, kind }: JsonObject): boolean {
  return v === 1 && typeof kind === "string";
}
