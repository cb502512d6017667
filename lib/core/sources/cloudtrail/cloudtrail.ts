/** CloudTrail records, raw or by EventBridge, to OCSF events of the class that each is of. */
import type { NormalisedEvent } from "../../record/audit-record.ts";
import { EVENT_LOG_ACTIVITY, FAILURE, type OcsfEvent, SUCCESS } from "../../record/ocsf.ts";
import { awsEndpoint } from "../aws/aws-endpoint.ts";
import { defined } from "../fields.ts";
import { canonicalJson, isObject, type JsonObject, sha256Hex } from "../json.ts";
import { awsCloud, metadata } from "../ocsf-event.ts";
import { cloudTrailAction } from "./cloudtrail-action.ts";
import { cloudTrailActor } from "./cloudtrail-actor.ts";
import { cloudTrailClass } from "./cloudtrail-class.ts";
import { grantedByCloudTrail } from "./cloudtrail-granted.ts";
import { cloudTrailResources } from "./cloudtrail-resources.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";
import { traceOfCall } from "./cloudtrail-trace.ts";

export interface CloudTrailMessage {
  readonly kind: "cloudtrail";
  /** The original, as it arrived: the text that `raw_data` is made of. */
  readonly raw: string;
  readonly record: CloudTrailRecord;
  /** The whole record, with what our schema does not know. */
  readonly original: JsonObject;
  /** The id of the EventBridge event that the record came in. */
  readonly envelopeId?: string;
  /** Epoch milliseconds: of a recording that tells no time that can be read, for which this stands in. */
  readonly receivedAt?: number;
}

/** The identity is CloudTrail's own `eventID`, so that the same event by EventBridge and by log file is one. */
export function normaliseCloudTrail(message: CloudTrailMessage): NormalisedEvent {
  const { record } = message;
  const granted = grantedByCloudTrail(record);
  const ocsfClass = cloudTrailClass(record, granted.mfa);
  return defined({
    event: {
      ...common(message),
      ...ocsfClass,
      // Event Log Activity has no place for it; `granted` has it in every class.
      ...(ocsfClass.class_uid !== EVENT_LOG_ACTIVITY && agentOf(record)),
      ...outcome(record),
    },
    action: cloudTrailAction(record),
    granted,
    trace: traceOfCall(record),
  });
}

function common({ record, original, envelopeId }: CloudTrailMessage) {
  return defined({
    time: Date.parse(record.eventTime),
    message: `${record.eventName} of ${record.eventSource}`,
    metadata: metadata({
      uid: record.eventID ?? envelopeId ?? `sha256:${sha256Hex(canonicalJson(original))}`,
      product: "CloudTrail",
      vendor: "AWS",
      code: record.eventName,
      originalTime: record.eventTime,
      profiles: ["cloud"],
    }),
    cloud: awsCloud(record.recipientAccountId ?? record.userIdentity?.accountId, record.awsRegion),
    actor: cloudTrailActor(record),
    api: apiOf(record),
    resources: cloudTrailResources(record),
    src_endpoint: awsEndpoint(record.sourceIPAddress),
    unmapped: unmappedOf(record),
  });
}

function agentOf({ userAgent }: CloudTrailRecord): Pick<OcsfEvent, "http_request"> {
  return userAgent === undefined ? {} : { http_request: { user_agent: userAgent } };
}

function apiOf({ eventName, eventSource, requestID, errorCode, errorMessage }: CloudTrailRecord) {
  const response = defined({ error: errorCode, error_message: errorMessage });
  return defined({
    operation: eventName,
    service: { name: eventSource },
    request: requestID === undefined ? undefined : { uid: requestID },
    response: errorCode === undefined && errorMessage === undefined ? undefined : response,
  });
}

/**
 * Sign-ins carry no error code: their verdict is an element called like the event, of the answer or, at Identity Center, of the service's
 * details. What a service does of itself fails by its name: RotationFailed.
 */
function outcome(record: CloudTrailRecord) {
  const { eventName, eventType, errorCode, errorMessage, responseElements, serviceEventDetails } = record;
  const hasFailed =
    errorCode !== undefined ||
    errorMessage !== undefined ||
    [responseElements, serviceEventDetails].some((details) => details?.[eventName] === "Failure") ||
    (eventType === "AwsServiceEvent" && /(Failed|Abandoned)$/.test(eventName));
  return defined({
    status_id: hasFailed ? FAILURE : SUCCESS,
    status: hasFailed ? "Failure" : "Success",
    status_code: errorCode,
    status_detail: errorMessage,
  }) satisfies Pick<OcsfEvent, "status_id">;
}

/** The key that an AssumeRole or CreateAccessKey call handed out links the session to its later calls: the identifier, never the secret. */
function unmappedOf({ responseElements }: CloudTrailRecord): Readonly<Record<string, unknown>> | undefined {
  const issued = [responseElements?.["credentials"], responseElements?.["accessKey"]].find(isObject)?.["accessKeyId"];
  return typeof issued === "string" ? { issued_credential: issued } : undefined;
}
