/** CloudTrail records, raw or by EventBridge, to OCSF API Activity, and sign-ins to OCSF Authentication. */
import type { NormalisedEvent } from "../record/audit-record.ts";
import { ACTIVITY_OTHER, API_ACTIVITY, AUTHENTICATION, FAILURE, type OcsfEvent, SUCCESS } from "../record/ocsf.ts";
import { cloudTrailAction, serviceOf } from "./cloudtrail-action.ts";
import { cloudTrailActor, cloudTrailEndpoint, cloudTrailUser } from "./cloudtrail-actor.ts";
import { grantedByCloudTrail } from "./cloudtrail-granted.ts";
import { cloudTrailResources } from "./cloudtrail-resources.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";
import { defined } from "./fields.ts";
import { canonicalJson, isObject, type JsonObject, sha256Hex } from "./json.ts";
import { awsCloud, classPart, metadata } from "./ocsf-event.ts";

export interface CloudTrailMessage {
  readonly kind: "cloudtrail";
  /** The original, as it arrived: the text that `raw_data` is made of. */
  readonly raw: string;
  readonly record: CloudTrailRecord;
  /** The whole record, with what our schema does not know. */
  readonly original: JsonObject;
  /** The id of the EventBridge event that the record came in. */
  readonly envelopeId?: string;
}

/** Sign-ins and their steps, with OCSF's Authentication activity for each. */
const SIGN_INS = new Map<string, number>([
  ["signin:ConsoleLogin", 1],
  ["signin:UserAuthentication", 1],
  ["signin:GetSigninToken", 3],
  ["signin:CheckMfa", 6],
  ["signin:CredentialChallenge", 6],
  ["signin:CredentialVerification", 6],
  ["signin:SwitchRole", 7],
  ["signin:ExitRole", 7],
  ["signin:RenewRole", 7],
  ["sso:Authenticate", 1],
  ["sso:UserAuthentication", 1],
  ["sso:Federate", 4],
  ["sso:Logout", 2],
]);

/** API Activity's activities by the verb that AWS's operation begins with. */
const VERBS: readonly (readonly [activity: number, verbs: RegExp])[] = [
  [1, /^(Create|Allocate|Register|Import|Run|Publish|Upload)/],
  [2, /^(Get|List|Describe|BatchGet|Lookup|Head|Search|Select|Query|Scan|Filter|Download)/],
  [
    3,
    /^(Update|Put|Modify|Set|Attach|Detach|Add|Enable|Disable|Activate|Deactivate|Associate|Disassociate|Tag|Untag|Change|Rotate)/,
  ],
  [4, /^(Delete|BatchDelete|Remove|Terminate|Deregister|Destroy|Purge)/],
];

/** The identity is CloudTrail's own `eventID`, so that the same event by EventBridge and by log file is one. */
export function normaliseCloudTrail(message: CloudTrailMessage): NormalisedEvent {
  const { record } = message;
  const granted = grantedByCloudTrail(record);
  const signIn = SIGN_INS.get(`${serviceOf(record.eventSource)}:${record.eventName}`);
  return defined({
    event: {
      ...(signIn === undefined ? apiActivity(record) : authentication(record, signIn, granted.mfa)),
      ...common(message),
      ...outcome(record),
    },
    action: cloudTrailAction(record),
    granted,
    trace: traceOf(record),
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
    src_endpoint: cloudTrailEndpoint(record),
    http_request: record.userAgent === undefined ? undefined : { user_agent: record.userAgent },
    unmapped: unmappedOf(record),
  });
}

function apiActivity({ eventName }: CloudTrailRecord) {
  const activity = VERBS.find(([, verbs]) => verbs.test(eventName))?.[0] ?? ACTIVITY_OTHER;
  return {
    ...classPart(API_ACTIVITY, activity),
    ...(activity === ACTIVITY_OTHER && { activity_name: eventName }),
  };
}

function authentication(record: CloudTrailRecord, activity: number, mfa: boolean | undefined) {
  return {
    ...classPart(AUTHENTICATION, activity),
    user: cloudTrailUser(record),
    service: { name: record.eventSource },
    ...(mfa !== undefined && { is_mfa: mfa }),
  };
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

/** Sign-ins carry no error code: their verdict is a response element called like the event. */
function outcome({ eventName, errorCode, errorMessage, responseElements }: CloudTrailRecord) {
  const hasFailed =
    errorCode !== undefined || errorMessage !== undefined || responseElements?.[eventName] === "Failure";
  return defined({
    status_id: hasFailed ? FAILURE : SUCCESS,
    status: hasFailed ? "Failure" : "Success",
    status_code: errorCode,
    status_detail: errorMessage,
  }) satisfies Pick<OcsfEvent, "status_id">;
}

/** A call to CodePipeline names its execution in the answer (Start, Rollback) or the request. PutApprovalResult names none. */
function traceOf({ eventSource, requestParameters, responseElements }: CloudTrailRecord): string | undefined {
  if (serviceOf(eventSource) !== "codepipeline") return undefined;
  return [responseElements, requestParameters]
    .map((members) => members?.["pipelineExecutionId"])
    .find((id) => typeof id === "string" && id !== "") as string | undefined;
}

/** The key that an AssumeRole or CreateAccessKey call handed out links the session to its later calls: the identifier, never the secret. */
function unmappedOf({ responseElements }: CloudTrailRecord): Readonly<Record<string, unknown>> | undefined {
  const issued = [responseElements?.["credentials"], responseElements?.["accessKey"]].find(isObject)?.["accessKeyId"];
  return typeof issued === "string" ? { issued_credential: issued } : undefined;
}
