/** From a message of any source to one OCSF event, its delivery action, and how the access was granted. */
import type { NormalisedEvent } from "../record/audit-record.ts";
import type { OcsfEvent } from "../record/ocsf.ts";
import { normaliseCodePipeline } from "./aws/codepipeline.ts";
import { normaliseEventBridge } from "./aws/eventbridge.ts";
import { type EventBridgeMessage, isFromAws } from "./aws/eventbridge-schema.ts";
import { normaliseCloudEvent } from "./cloudevent.ts";
import { cloudEventHash } from "./cloudevent-schema.ts";
import { normaliseCloudTrail } from "./cloudtrail/cloudtrail.ts";
import { normaliseGatebook } from "./gatebook.ts";
import { normaliseGitHubAudit } from "./github/github-audit.ts";
import { canonicalJson, type JsonObject, sha256Hex } from "./json.ts";
import type { Message } from "./message.ts";
import { normaliseRecorded } from "./recorded/recorded-record.ts";
import { recordedSystems } from "./recorded/recorded-system.ts";
import type { WebhookMessage } from "./webhooks/webhook-source.ts";
import { webhookSources } from "./webhooks/webhook-sources.ts";

const DETAIL_HASH_CHARS = 16;

const CODEPIPELINE_STATE = /^CodePipeline (Pipeline|Stage|Action) Execution State Change$/;

/** The event has no `raw_data` yet: the record path redacts `message.raw` and adds it. */
export function normalise(message: Message): NormalisedEvent {
  const normalised = bySource(message);
  return isStandIn(message, normalised.event) ? withStandIn(normalised) : normalised;
}

function bySource(message: Message): NormalisedEvent {
  switch (message.kind) {
    case "cloudtrail":
      return normaliseCloudTrail(message);
    case "eventbridge":
      return isCodePipelineState(message) ? normaliseCodePipeline(message) : normaliseEventBridge(message);
    case "webhook":
      return webhookSources[message.source].normalise(message);
    case "github-audit":
      return normaliseGitHubAudit(message);
    case "cloudevent":
      return normaliseCloudEvent(message);
    case "gatebook":
      return normaliseGatebook(message);
    case "recorded":
      return normaliseRecorded(message);
  }
}

/** AWS's events tell their time; only of a recording, it may be one that cannot be read. */
function isStandIn(message: Message, { time }: OcsfEvent): boolean {
  return (message.kind === "cloudtrail" || message.kind === "eventbridge") && message.receivedAt === time;
}

function withStandIn({ event, ...rest }: NormalisedEvent): NormalisedEvent {
  const { original_time: _standIn, ...metadata } = event.metadata;
  return { event: { ...event, metadata, unmapped: { ...event.unmapped, time: STANDS_IN } }, ...rest };
}

const STANDS_IN = "cannot be read; the time at which the recording was read stands in";

/**
 * The event's identity in index and log. An EventBridge id is not enough by itself: AWS's samples, and whoever replays them, use one for
 * different events. So what happened (detail-type and detail) is part of it, and a true duplicate still has the same.
 */
export function eventId(message: Message, { metadata: { uid } }: OcsfEvent): string {
  if (message.kind === "cloudevent") return `${uid}:${cloudEventHash(message).slice(0, DETAIL_HASH_CHARS)}`;
  if (message.kind !== "eventbridge" || message.event.id === undefined) return uid;
  const { "detail-type": type, detail = {} } = message.event;
  return `${uid}:${sha256Hex(canonicalJson({ type, detail })).slice(0, DETAIL_HASH_CHARS)}`;
}

/**
 * What a redelivery still has where its time is another, since the time of arrival stands in for one that the payload does not tell. The
 * header with the delivery's id is not signed: with the body's hash beside it, nobody can use up the id of a delivery still to come.
 */
export function lastingIdentity(message: Message, { time, metadata: { uid } }: OcsfEvent): string | undefined {
  // Sent again, perhaps by another session or at another time, it is the same event: its tool gave it an id to say so.
  if (message.kind === "cloudevent") return `cloudevent:${cloudEventHash(message)}`;
  if (!("receivedAt" in message) || time !== message.receivedAt) return undefined;
  return `${"source" in message ? message.source : message.kind}:${uid}:${sha256Hex(message.raw)}`;
}

/** A record as its source wrote it, with the Sigma log source whose rules speak its language. */
export interface RawRecord {
  readonly product: string;
  readonly service?: string;
  readonly record: JsonObject;
}

/**
 * CloudTrail is `aws/cloudtrail`, another AWS service's event `aws/<service>` with the whole EventBridge event, a custom event
 * `eventbridge/<source>`, a CloudEvent `cloudevents/<type>`, a webhook `<source>/webhook` with its payload and the header
 * that names the event (`X-GitHub-Event`), a record of GitHub's audit log `github/audit`, our own `gatebook/own`, a recorded system's as Sigma names it.
 */
export function rawRecord(message: Message): RawRecord {
  const record = message.original;
  switch (message.kind) {
    case "cloudtrail":
      return { product: "aws", service: "cloudtrail", record };
    case "eventbridge": {
      const { source } = message.event;
      return isFromAws(message.event)
        ? { product: "aws", service: source.slice("aws.".length), record }
        : { product: "eventbridge", service: source, record };
    }
    case "webhook":
      return { product: message.source, service: "webhook", record: withEventHeader(message) };
    case "github-audit":
      return { product: "github", service: "audit", record };
    case "cloudevent":
      return { product: "cloudevents", service: message.event.type, record };
    case "gatebook":
      return { product: "gatebook", service: "own", record };
    case "recorded":
      return { ...recordedSystems[message.system].logsource, record };
  }
}

function withEventHeader({ source, headers, original }: WebhookMessage): JsonObject {
  const { eventHeader } = webhookSources[source];
  if (eventHeader === undefined) return original;
  return { ...original, [eventHeader]: headers[eventHeader.toLowerCase()] ?? "unknown" };
}

function isCodePipelineState({ event }: EventBridgeMessage): boolean {
  return event.source === "aws.codepipeline" && CODEPIPELINE_STATE.test(event["detail-type"]);
}
