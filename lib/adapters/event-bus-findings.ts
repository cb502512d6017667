/** Findings on an EventBridge bus, as OCSF Detection Findings. */
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { toDetectionFinding } from "../core/alerting/detection-finding.ts";
import type { FindingSink } from "../core/alerting/finding-sink.ts";
import { GatebookError } from "../core/errors.ts";
import { clip } from "../core/record/clip.ts";
import type { Finding } from "../core/record/finding.ts";
import { toEscapedJson } from "./escaped-json.ts";

const SOURCE = "gatebook";
const DETAIL_TYPE = "Detection Finding";
/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html: an entry with its source, its type and its time. */
const MAX_ENTRY_BYTES = 256 * 1024;
const OTHER_BYTES = 256;
/** Tried in turn until it fits; the evidence has the finding whole. */
const BOUNDS = [
  { characters: 2_048, items: 50 },
  { characters: 512, items: 20 },
  { characters: 128, items: 10 },
] as const;

export function eventBusFindings(options: {
  readonly client: EventBridgeClient;
  /** Its ARN or its name. */
  readonly bus: string;
}): FindingSink {
  const { client, bus } = options;
  return {
    async put(finding) {
      const entry = { EventBusName: bus, Source: SOURCE, DetailType: DETAIL_TYPE, Detail: toDetail(finding) };
      const { Entries: [result] = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      if (result?.EventId !== undefined) return;
      const reason = result?.ErrorMessage ?? result?.ErrorCode ?? "no answer for it";
      throw new GatebookError("UNAVAILABLE", `${bus} did not take finding ${finding.uid}: ${reason}`);
    },
  };
}

function toDetail(finding: Finding): string {
  const event = toDetectionFinding(finding);
  const whole = toEscapedJson(event);
  if (isFit(whole)) return whole;
  const truncated = { ...event, metadata: { ...event.metadata, is_truncated: true } };
  const fits = BOUNDS.map((bounds) => toEscapedJson(clip(truncated, bounds))).find(isFit);
  if (fits !== undefined) return fits;
  throw new GatebookError("INPUT_INVALID", `finding ${finding.uid} is too large for an event bus, however it is cut`);
}

function isFit(detail: string): boolean {
  return Buffer.byteLength(detail) <= MAX_ENTRY_BYTES - OTHER_BYTES;
}
