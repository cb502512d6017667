/** CloudTrail records that change a group, as OCSF Group Management (https://schema.ocsf.io/1.8.0/classes/group_management). */
import { ACTIVITY_OTHER, GROUP_MANAGEMENT, type OcsfGroup } from "../../record/ocsf.ts";
import { defined } from "../fields.ts";
import { classPart } from "../ocsf-event.ts";
import type { ClassFields } from "./cloudtrail-class-fields.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";
import { subjectGroup, subjectUser, wordOf } from "./cloudtrail-subject.ts";

const ASSIGN_PRIVILEGES = 1;
const REVOKE_PRIVILEGES = 2;
const ADD_USER = 3;
const REMOVE_USER = 4;

const ACTIVITIES = new Map<string, number>([
  ["iam:CreateGroup", 6],
  ["iam:DeleteGroup", 5],
  ["iam:UpdateGroup", ACTIVITY_OTHER],
  ["iam:AddUserToGroup", ADD_USER],
  ["iam:RemoveUserFromGroup", REMOVE_USER],
  ["iam:AttachGroupPolicy", ASSIGN_PRIVILEGES],
  ["iam:PutGroupPolicy", ASSIGN_PRIVILEGES],
  ["iam:DetachGroupPolicy", REVOKE_PRIVILEGES],
  ["iam:DeleteGroupPolicy", REVOKE_PRIVILEGES],
  ["sso:CreateAccountAssignment", ASSIGN_PRIVILEGES],
  ["sso:DeleteAccountAssignment", REVOKE_PRIVILEGES],
  ...["identitystore", "sso-directory"].flatMap((directory): [string, number][] => [
    [`${directory}:CreateGroup`, 6],
    [`${directory}:DeleteGroup`, 5],
    [`${directory}:UpdateGroup`, ACTIVITY_OTHER],
    [`${directory}:CreateGroupMembership`, ADD_USER],
    [`${directory}:AddMemberToGroup`, ADD_USER],
    [`${directory}:RemoveMemberFromGroup`, REMOVE_USER],
  ]),
]);

/** Identity Center removes a membership by its own id, which names neither group nor user: such a record is none of these. */
export function groupManagement(record: CloudTrailRecord, operation: string): ClassFields | undefined {
  const activity = ACTIVITIES.get(operation);
  if (activity === undefined) return undefined;
  const group = operation.startsWith("sso:") ? assigneeOf(record) : subjectGroup(record);
  if (group === undefined) return undefined;
  return defined({
    ...classPart(GROUP_MANAGEMENT, activity),
    activity_name: activity === ACTIVITY_OTHER ? record.eventName : undefined,
    group,
    user: [ADD_USER, REMOVE_USER].includes(activity) ? subjectUser(record) : undefined,
    privileges: [ASSIGN_PRIVILEGES, REVOKE_PRIVILEGES].includes(activity) ? privilegesOf(record) : undefined,
  });
}

function assigneeOf({ requestParameters = {} }: CloudTrailRecord): OcsfGroup | undefined {
  const uid = wordOf(requestParameters, "principalId");
  return requestParameters["principalType"] === "GROUP" && uid !== undefined ? { uid } : undefined;
}

function privilegesOf({ requestParameters = {} }: CloudTrailRecord): readonly string[] | undefined {
  const privilege = ["policyArn", "policyName", "permissionSetArn"]
    .map((name) => wordOf(requestParameters, name))
    .find((word) => word !== undefined);
  return privilege === undefined ? undefined : [privilege];
}
