/** KMS keys rotated, deleted, or bereft of their imported material (https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html). */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { read, text } from "../fields.ts";
import { regionalArn } from "./arn.ts";
import type { EventBridgeMessage } from "./eventbridge-schema.ts";
import { serviceEvent } from "./service-event.ts";

const Detail = z.object({ "key-id": text });

const ACTIONS = new Map<string, DeliveryAction>([
  ["KMS CMK Rotation", "secret.rotate"],
  ["KMS CMK Deletion", "secret.delete"],
  ["KMS Imported Key Material Expiration", "secret.delete"],
]);

export function normaliseKms(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const { "key-id": key } = read(Detail, event.detail ?? {}, "the KMS event's detail");
  return serviceEvent(message, {
    action: ACTIONS.get(event["detail-type"]),
    event: event["detail-type"],
    resources: [key === undefined ? undefined : regionalArn("kms", event, `key/${key}`)],
  });
}
