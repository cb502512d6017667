/** Who made a CloudTrail call. */
import { type OcsfEvent, type OcsfUser, USER_TYPE } from "../../record/ocsf.ts";
import { assumedRoleOf, partitionOf } from "../aws/arn.ts";
import { defined, millisOf } from "../fields.ts";
import { boundedPrincipal } from "../principal.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";

const IAM_USER_NAME = /^[\w+=,.@-]{1,64}$/;

/** What CloudTrail calls AWS itself where it does not say which service; `eventSource` does. */
const AWS_INTERNAL = "AWS Internal";

const USER_TYPES = new Map<string, number>([
  ["Root", USER_TYPE.admin],
  ["IAMUser", USER_TYPE.user],
  ["FederatedUser", USER_TYPE.user],
  ["WebIdentityUser", USER_TYPE.user],
  ["SAMLUser", USER_TYPE.user],
  ["IdentityCenterUser", USER_TYPE.user],
  ["Directory", USER_TYPE.user],
  ["AWSService", USER_TYPE.service],
  ["Unknown", USER_TYPE.unknown],
]);

export function cloudTrailUser(record: CloudTrailRecord): OcsfUser {
  const { userIdentity = {} } = record;
  const account = userIdentity.accountId;
  const type = userIdentity.type ?? (isAwsItself(record) ? "AWSService" : "Unknown");
  return defined({
    uid: boundedPrincipal(principalUid(record)),
    name: userIdentity.userName ?? assumedRoleOf(userIdentity.arn).session,
    type,
    type_id: USER_TYPES.get(type) ?? USER_TYPE.other,
    credential_uid: userIdentity.accessKeyId,
    account: account === undefined ? undefined : { uid: account },
  });
}

export function cloudTrailActor(record: CloudTrailRecord): NonNullable<OcsfEvent["actor"]> {
  const { accessKeyId, invokedBy, sessionContext } = record.userIdentity ?? {};
  const session = defined({
    issuer: sessionContext?.sessionIssuer?.arn,
    credential_uid: accessKeyId,
    created_time: millisOf(sessionContext?.attributes?.creationDate),
    is_mfa: sessionContext?.attributes?.mfaAuthenticated,
  });
  return defined({
    user: cloudTrailUser(record),
    session: sessionContext === undefined ? undefined : session,
    invoked_by: invokedBy,
  });
}

/**
 * The principal: the ARN, an assumed role's being its session's; a service by its DNS name; anybody else by the identity's type and the most
 * telling id there is, so that two strangers never share a name.
 */
function principalUid(record: CloudTrailRecord): string {
  const { arn, type, userName, principalId, accountId, invokedBy, onBehalfOf } = record.userIdentity ?? {};
  if (arn !== undefined) return arn;
  if (isAwsItself(record))
    return invokedBy === undefined || invokedBy === AWS_INTERNAL ? record.eventSource : invokedBy;
  // A failed sign-in of a user who exists comes without the ARN; the user's path is not told, and rarely set.
  if (type === "IAMUser" && accountId !== undefined && IAM_USER_NAME.test(userName ?? "") && userName !== HIDDEN_NAME) {
    return `arn:${partitionOf(record.awsRegion)}:iam::${accountId}:user/${userName}`;
  }
  const id = onBehalfOf?.userId ?? principalId ?? userName ?? accountId;
  return [type, id].filter((part) => part !== undefined).join(":") || "unknown";
}

function isAwsItself({ userIdentity, eventType = "" }: CloudTrailRecord): boolean {
  const { type, invokedBy } = userIdentity ?? {};
  if (type !== undefined) return type === "AWSService";
  return invokedBy !== undefined || ["AwsServiceEvent", "AwsCloudTrailInsight"].includes(eventType);
}

/** What CloudTrail writes when the user name typed at the sign-in page is nobody's: it could be a password. */
export const HIDDEN_NAME = "HIDDEN_DUE_TO_SECURITY_REASONS";
