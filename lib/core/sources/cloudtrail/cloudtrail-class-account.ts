/** CloudTrail records that change a user's account, as OCSF Account Change (https://schema.ocsf.io/1.8.0/classes/account_change). */
import { ACCOUNT_CHANGE, ACTIVITY_OTHER, type OcsfPolicy, type OcsfUser } from "../../record/ocsf.ts";
import { defined } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { classPart } from "../ocsf-event.ts";
import { cloudTrailUser } from "./cloudtrail-actor.ts";
import type { ClassFields } from "./cloudtrail-class-fields.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";
import { iamUserNamed, subjectUser, wordOf } from "./cloudtrail-subject.ts";

/** A console password made or removed is neither the account's creation nor its end: OCSF has no activity for it. */
const ACTIVITIES = new Map<string, number>([
  ["iam:CreateUser", 1],
  ["iam:DeleteUser", 6],
  ["iam:UpdateUser", ACTIVITY_OTHER],
  ["iam:CreateLoginProfile", ACTIVITY_OTHER],
  ["iam:UpdateLoginProfile", 4],
  ["iam:DeleteLoginProfile", ACTIVITY_OTHER],
  ["iam:ChangePassword", 3],
  ["iam:EnableMFADevice", 10],
  ["iam:DeactivateMFADevice", 11],
  ["iam:ResyncMFADevice", ACTIVITY_OTHER],
  ["iam:AttachUserPolicy", 7],
  ["iam:PutUserPolicy", 7],
  ["iam:PutUserPermissionsBoundary", 7],
  ["iam:DetachUserPolicy", 8],
  ["iam:DeleteUserPolicy", 8],
  ["iam:DeleteUserPermissionsBoundary", 8],
  ["signin:PasswordUpdated", 3],
  ["signin:PasswordRecoveryCompleted", 4],
  ...["identitystore", "sso-directory"].flatMap((directory): [string, number][] => [
    [`${directory}:CreateUser`, 1],
    [`${directory}:EnableUser`, 2],
    [`${directory}:UpdatePassword`, 4],
    [`${directory}:DisableUser`, 5],
    [`${directory}:DeleteUser`, 6],
    [`${directory}:UpdateUser`, ACTIVITY_OTHER],
    [`${directory}:CompleteVirtualMfaDeviceRegistration`, 10],
    [`${directory}:DeleteMfaDeviceForUser`, 11],
  ]),
]);

/** Those who do this do it to their own account, and the request does not name them. */
const OWN_ACCOUNT = /^(iam:ChangePassword|signin:)/;

export function accountChange(record: CloudTrailRecord, operation: string): ClassFields | undefined {
  const activity = ACTIVITIES.get(operation);
  if (activity === undefined) return undefined;
  const user = OWN_ACCOUNT.test(operation) ? cloudTrailUser(record) : subjectUser(record);
  if (user === undefined) return undefined;
  return defined({
    ...classPart(ACCOUNT_CHANGE, activity),
    activity_name: activity === ACTIVITY_OTHER ? record.eventName : undefined,
    user,
    user_result: operation === "iam:UpdateUser" ? renamed(record) : undefined,
    policies: policiesOf(record.requestParameters ?? {}),
  });
}

function renamed(record: CloudTrailRecord): OcsfUser | undefined {
  return iamUserNamed(wordOf(record.requestParameters ?? {}, "newUserName"), record);
}

function policiesOf(parameters: JsonObject): readonly OcsfPolicy[] | undefined {
  const uid = wordOf(parameters, "policyArn") ?? wordOf(parameters, "permissionsBoundary");
  const name = wordOf(parameters, "policyName");
  return uid === undefined && name === undefined ? undefined : [defined({ uid, name })];
}
