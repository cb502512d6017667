/** A CloudTrail record (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html). */
import * as z from "zod";
import { flag, id, isTime, object, part, read, requiredText, text, time } from "../fields.ts";
import { isObject, type JsonObject } from "../json.ts";

const SessionContext = z.object({
  attributes: part(z.object({ mfaAuthenticated: flag, creationDate: text })),
  sessionIssuer: part(z.object({ type: text, arn: text, userName: text })),
  webIdFederationData: part(z.object({ federatedProvider: text, attributes: object })),
  sourceIdentity: text,
});

const UserIdentity = z.object({
  type: text,
  arn: text,
  principalId: text,
  accountId: text,
  accessKeyId: text,
  userName: text,
  invokedBy: text,
  identityProvider: text,
  credentialId: text,
  sessionContext: part(SessionContext),
  onBehalfOf: part(z.object({ userId: text, identityStoreArn: text })),
});

/** Only the time, the service and the operation are relied on: any other field may be missing, null or of another type. */
export const CloudTrailRecord = z.object({
  eventTime: time,
  eventSource: requiredText,
  eventName: requiredText,
  eventID: id,
  eventType: text,
  awsRegion: text,
  sourceIPAddress: text,
  userAgent: text,
  userIdentity: part(UserIdentity),
  errorCode: text,
  errorMessage: text,
  requestID: text,
  recipientAccountId: text,
  requestParameters: object,
  responseElements: object,
  additionalEventData: object,
  serviceEventDetails: object,
  sessionCredentialFromConsole: flag,
  resources: part(z.array(z.object({ ARN: text, type: text }))),
});

export type CloudTrailRecord = z.infer<typeof CloudTrailRecord>;

/** Whether this is CloudTrail's. An S3 notification has the same field names, and says `aws:s3`. */
export function isCloudTrailRecord(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  const { eventSource, eventName, eventType } = value;
  if (eventType === INSIGHT) return true;
  return typeof eventSource === "string" && typeof eventName === "string" && !eventSource.startsWith("aws:");
}

const INSIGHT = "AwsCloudTrailInsight";

/** `envelopeTime` is that of the EventBridge event around the record, for a record whose own is lost or cannot be read. */
export function readCloudTrailRecord(original: JsonObject, envelopeTime?: string): CloudTrailRecord {
  return read(CloudTrailRecord, repaired(original, envelopeTime), "the CloudTrail record");
}

/** The record's own time; nothing where it cannot be read. Records that went through Logstash carry it under Logstash's name. */
export function cloudTrailTime(original: JsonObject): string | undefined {
  return [original["eventTime"], original["@timestamp"]].find(isTime);
}

/** Most records need no repair, and are not copied. */
function repaired(original: JsonObject, envelopeTime: string | undefined): JsonObject {
  const { eventTime, eventSource, eventName, eventType } = original;
  if (isTime(eventTime) && eventType !== INSIGHT) return original;
  return {
    ...original,
    eventTime: cloudTrailTime(original) ?? envelopeTime ?? eventTime,
    // An insight names the operation it is about one level deeper, and is itself CloudTrail's.
    ...(eventType === INSIGHT && {
      eventSource: eventSource ?? "cloudtrail.amazonaws.com",
      eventName: eventName ?? INSIGHT,
    }),
  };
}
