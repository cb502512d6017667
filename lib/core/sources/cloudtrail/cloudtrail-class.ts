/** The OCSF class of a CloudTrail record: sign-ins, changes of accounts, groups and logs have their own, anything else is API Activity. */
import { ACTIVITY_OTHER, API_ACTIVITY, AUTHENTICATION, EVENT_LOG_ACTIVITY } from "../../record/ocsf.ts";
import { defined } from "../fields.ts";
import { classPart } from "../ocsf-event.ts";
import { serviceOf } from "./cloudtrail-action.ts";
import { cloudTrailUser } from "./cloudtrail-actor.ts";
import { accountChange } from "./cloudtrail-class-account.ts";
import type { ClassFields } from "./cloudtrail-class-fields.ts";
import { groupManagement } from "./cloudtrail-class-group.ts";
import { userAccess } from "./cloudtrail-class-user-access.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";

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

/** What is done to the trails and log groups themselves, with OCSF's Event Log Activity for each. */
const LOGS = new Map<string, number>([
  ["cloudtrail:CreateTrail", ACTIVITY_OTHER],
  ["cloudtrail:UpdateTrail", ACTIVITY_OTHER],
  ["cloudtrail:PutEventSelectors", ACTIVITY_OTHER],
  ["cloudtrail:StartLogging", 6],
  ["cloudtrail:StopLogging", 7],
  ["cloudtrail:DeleteTrail", 2],
  ["cloudtrail:CreateEventDataStore", ACTIVITY_OTHER],
  ["cloudtrail:UpdateEventDataStore", ACTIVITY_OTHER],
  ["cloudtrail:StartEventDataStoreIngestion", 6],
  ["cloudtrail:StopEventDataStoreIngestion", 7],
  ["cloudtrail:DeleteEventDataStore", 2],
  ["logs:CreateLogGroup", ACTIVITY_OTHER],
  ["logs:PutRetentionPolicy", ACTIVITY_OTHER],
  ["logs:DeleteRetentionPolicy", ACTIVITY_OTHER],
  ["logs:CreateExportTask", 3],
  ["logs:DeleteLogGroup", 2],
  ["logs:DeleteLogStream", 2],
]);

/** Request parameters that name a log. */
const LOG_NAMES = ["name", "trailName", "eventDataStore", "logGroupName", "logGroupIdentifier"];

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

/** A record that lacks what its class requires (a denied call often has no parameters) is API Activity, whose attributes each has. */
export function cloudTrailClass(record: CloudTrailRecord, mfa: boolean | undefined): ClassFields {
  const operation = `${serviceOf(record.eventSource)}:${record.eventName}`;
  const signIn = SIGN_INS.get(operation);
  if (signIn !== undefined) return authentication(record, signIn, mfa);
  const log = LOGS.get(operation);
  if (log !== undefined) return eventLogActivity(record, log);
  return (
    accountChange(record, operation) ??
    groupManagement(record, operation) ??
    userAccess(record, operation) ??
    apiActivity(record)
  );
}

function authentication(record: CloudTrailRecord, activity: number, mfa: boolean | undefined): ClassFields {
  return {
    ...classPart(AUTHENTICATION, activity),
    user: cloudTrailUser(record),
    service: { name: record.eventSource },
    ...(mfa !== undefined && { is_mfa: mfa }),
  };
}

function eventLogActivity({ eventName, eventSource, requestParameters }: CloudTrailRecord, activity: number) {
  const name = LOG_NAMES.map((parameter) => requestParameters?.[parameter]).find((value) => typeof value === "string");
  return defined({
    ...classPart(EVENT_LOG_ACTIVITY, activity),
    activity_name: activity === ACTIVITY_OTHER ? eventName : undefined,
    log_name: name as string | undefined,
    log_provider: eventSource,
  });
}

function apiActivity({ eventName }: CloudTrailRecord): ClassFields {
  const activity = VERBS.find(([, verbs]) => verbs.test(eventName))?.[0] ?? ACTIVITY_OTHER;
  return {
    ...classPart(API_ACTIVITY, activity),
    ...(activity === ACTIVITY_OTHER && { activity_name: eventName }),
  };
}
