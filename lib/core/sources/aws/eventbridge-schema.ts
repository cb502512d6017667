/** An EventBridge event (https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html). */
import * as z from "zod";
import { id, isTime, object, part, read, requiredText, text, time } from "../fields.ts";
import { canonicalJson, isObject, type JsonObject, sha256Hex } from "../json.ts";

export const EventBridgeEvent = z.object({
  id,
  "detail-type": requiredText,
  source: requiredText,
  account: text,
  time,
  region: text,
  resources: part(z.array(z.unknown())),
  detail: object,
});

export type EventBridgeEvent = z.infer<typeof EventBridgeEvent>;

export interface EventBridgeMessage {
  readonly kind: "eventbridge";
  /** The original, as it arrived: the text that `raw_data` is made of. */
  readonly raw: string;
  readonly event: EventBridgeEvent;
  /** The whole event, with what our schema does not know. */
  readonly original: JsonObject;
  /** Epoch milliseconds: of a recording that tells no time that can be read, for which this stands in. */
  readonly receivedAt?: number;
}

export function isEventBridgeEvent(value: unknown): value is JsonObject {
  return isObject(value) && "detail-type" in value && "source" in value;
}

/** The event's own time, or that of the CloudTrail record in it; nothing where neither can be read. */
export function eventBridgeTime({ time: told, detail }: JsonObject): string | undefined {
  return [told, isObject(detail) ? detail["eventTime"] : undefined].find(isTime);
}

/** @param standIn a time (RFC 3339) for an event that tells none that can be read */
export function readEventBridgeEvent(original: JsonObject, standIn?: string): EventBridgeEvent {
  const repaired = isTime(original["time"])
    ? original
    : { ...original, time: eventBridgeTime(original) ?? standIn ?? original["time"] };
  return read(EventBridgeEvent, repaired, "the EventBridge event");
}

/** Nobody but AWS may put events under a source that begins so, partners aside: what says `aws.` is AWS's own word. */
export function isFromAws({ source }: Pick<EventBridgeEvent, "source">): boolean {
  return source.startsWith("aws.") && !source.startsWith(PARTNER);
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html: what stands behind it is another company's word. */
const PARTNER = "aws.partner/";

export function eventBridgeUid({ event, original }: EventBridgeMessage): string {
  return event.id ?? `sha256:${sha256Hex(canonicalJson(original))}`;
}
