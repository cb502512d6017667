/** S3's objects created, deleted and opened to others (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import { type OcsfUser, USER_TYPE } from "../../record/ocsf.ts";
import { part, read, text } from "../fields.ts";
import { partitionOf } from "./arn.ts";
import type { EventBridgeMessage } from "./eventbridge-schema.ts";
import { serviceEvent } from "./service-event.ts";

const Detail = z.object({
  bucket: part(z.object({ name: text })),
  object: part(z.object({ key: text, "version-id": text })),
  requester: text,
  "source-ip-address": text,
  "request-id": text,
  reason: text,
  "deletion-type": text,
});
type Detail = z.infer<typeof Detail>;

const ACL_UPDATED = "Object ACL Updated";

export function normaliseS3(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const type = event["detail-type"];
  const detail = read(Detail, event.detail ?? {}, "the S3 event's detail");
  const bucket = detail.bucket?.name && `arn:${partitionOf(event.region)}:s3:::${detail.bucket.name}`;
  return serviceEvent(message, {
    action: type === ACL_UPDATED ? "access.policy" : undefined,
    event: detail.reason ?? type,
    user: requesterOf(detail),
    call: callOf(type, detail),
    resources: [bucket && detail.object?.key && `${bucket}/${detail.object.key}`, bucket],
    details: { object_version: detail.object?.["version-id"], deletion_type: detail["deletion-type"] },
  });
}

const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;

/** S3 tells the account that asked and nobody in it, or the service that acted. */
function requesterOf({ requester }: Detail): OcsfUser | undefined {
  if (requester === undefined) return undefined;
  if (SERVICE.test(requester)) return { uid: requester, type: "AWSService", type_id: USER_TYPE.service };
  if (!/^\d{12}$/.test(requester)) return undefined;
  return {
    uid: `AWSAccount:${requester}`,
    type: "AWSAccount",
    type_id: USER_TYPE.other,
    account: { uid: requester },
  };
}

function callOf(type: string, detail: Detail) {
  const { reason, "source-ip-address": sourceAddress, "request-id": request } = detail;
  // A transition or expiry by lifecycle is no call of anybody's.
  if (reason === undefined || sourceAddress === undefined) return undefined;
  return { operation: reason, activity: activityOf(type), sourceAddress, request };
}

/** API Activity's Create, Delete, Update. */
function activityOf(type: string): number {
  if (type === "Object Created") return 1;
  return type === "Object Deleted" ? 4 : 3;
}
