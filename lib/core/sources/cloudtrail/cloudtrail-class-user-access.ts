/** CloudTrail records that give a user access to something or take it, as OCSF User Access Management (https://schema.ocsf.io/1.8.0/classes/user_access). */
import { type OcsfUser, USER_ACCESS, USER_TYPE } from "../../record/ocsf.ts";
import { isPrincipalArn } from "../aws/arn.ts";
import { userOfArn } from "../aws/aws-principal.ts";
import type { JsonObject } from "../json.ts";
import { classPart } from "../ocsf-event.ts";
import type { ClassFields } from "./cloudtrail-class-fields.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";
import { wordOf } from "./cloudtrail-subject.ts";

interface Grant {
  readonly activity: 1 | 2;
  readonly user: (parameters: JsonObject) => OcsfUser | undefined;
  readonly privileges: (parameters: JsonObject) => readonly string[];
}

/** Of a role or a service, the same calls are API Activity: the class is about users. */
const GRANTS = new Map<string, Grant>([
  ["sso:CreateAccountAssignment", { activity: 1, user: workforceUser, privileges: words("permissionSetArn") }],
  ["sso:DeleteAccountAssignment", { activity: 2, user: workforceUser, privileges: words("permissionSetArn") }],
  ["eks:AssociateAccessPolicy", { activity: 1, user: iamUser("principalArn"), privileges: words("policyArn") }],
  ["eks:DisassociateAccessPolicy", { activity: 2, user: iamUser("principalArn"), privileges: words("policyArn") }],
  ["kms:CreateGrant", { activity: 1, user: iamUser("granteePrincipal"), privileges: words("operations") }],
]);

export function userAccess({ requestParameters = {} }: CloudTrailRecord, operation: string): ClassFields | undefined {
  const grant = GRANTS.get(operation);
  const user = grant?.user(requestParameters);
  const privileges = grant?.privileges(requestParameters) ?? [];
  if (grant === undefined || user === undefined || privileges.length === 0) return undefined;
  return { ...classPart(USER_ACCESS, grant.activity), user, privileges };
}

function workforceUser(parameters: JsonObject): OcsfUser | undefined {
  const uid = wordOf(parameters, "principalId");
  if (parameters["principalType"] !== "USER" || uid === undefined) return undefined;
  return { uid, type: "IdentityCenterUser", type_id: USER_TYPE.user };
}

function iamUser(parameter: string) {
  return (parameters: JsonObject): OcsfUser | undefined => {
    const arn = parameters[parameter];
    const user = isPrincipalArn(arn) ? userOfArn(arn) : undefined;
    return user?.type === "IAMUser" ? user : undefined;
  };
}

function words(parameter: string) {
  return (parameters: JsonObject): readonly string[] =>
    [parameters[parameter]].flat().filter((word) => typeof word === "string" && word !== "") as string[];
}
