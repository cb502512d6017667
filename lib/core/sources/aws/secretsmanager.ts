/**
 * A secret's current version changed, as Secrets Manager tells it without a trail
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html).
 */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import { read, text } from "../fields.ts";
import type { EventBridgeMessage } from "./eventbridge-schema.ts";
import { serviceEvent } from "./service-event.ts";

const Detail = z.object({ name: text, labelUpdated: text, versionId: text });

const LABEL_UPDATED = "Secret Label Updated";

/** Neither who did it is told, nor whether they changed the value or went back to an earlier one: CloudTrail tells both. */
export function normaliseSecretsManager(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const detail = read(Detail, event.detail ?? {}, "the Secrets Manager event's detail");
  return serviceEvent(message, {
    action: event["detail-type"] === LABEL_UPDATED ? "secret.write" : undefined,
    event: event["detail-type"],
    details: { secret: detail.name, label: detail.labelUpdated, version: detail.versionId },
  });
}
