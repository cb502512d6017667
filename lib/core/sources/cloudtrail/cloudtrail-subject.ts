/** The user or group that a CloudTrail call is about, by the service that keeps them: IAM, or Identity Center's directory. */
import { type OcsfGroup, type OcsfUser, USER_TYPE } from "../../record/ocsf.ts";
import { iamArn, isArn } from "../aws/arn.ts";
import { defined } from "../fields.ts";
import { isObject, type JsonObject } from "../json.ts";
import { serviceOf } from "./cloudtrail-action.ts";
import { HIDDEN_NAME } from "./cloudtrail-actor.ts";
import { placeOf } from "./cloudtrail-resources.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";

export function subjectUser(record: CloudTrailRecord): OcsfUser | undefined {
  return serviceOf(record.eventSource) === "iam" ? iamUser(record) : directoryUser(record);
}

export function subjectGroup(record: CloudTrailRecord): OcsfGroup | undefined {
  return serviceOf(record.eventSource) === "iam" ? iamGroup(record) : directoryGroup(record);
}

/** A user by a name of IAM's, as a renaming gives it. */
export function iamUserNamed(name: string | undefined, record: CloudTrailRecord, told?: unknown): OcsfUser | undefined {
  if (name === undefined) return undefined;
  const uid = isArn(told) ? told : iamArn("user", name, placeOf(record));
  return uid === undefined ? undefined : { uid, name, type: "IAMUser", type_id: USER_TYPE.user };
}

/** The answer to CreateUser has the whole ARN, with the path. */
function iamUser(record: CloudTrailRecord): OcsfUser | undefined {
  const { requestParameters = {}, responseElements = {} } = record;
  return iamUserNamed(wordOf(requestParameters, "userName"), record, partOf(responseElements, "user")["arn"]);
}

function iamGroup(record: CloudTrailRecord): OcsfGroup | undefined {
  const { requestParameters = {}, responseElements = {} } = record;
  const name = wordOf(requestParameters, "groupName");
  if (name === undefined) return undefined;
  const told = partOf(responseElements, "group")["arn"];
  return defined({ uid: isArn(told) ? told : iamArn("group", name, placeOf(record)), name });
}

/** The directory tells users by id: the request's or, of one just made, the answer's. A member is a user too. */
function directoryUser({ requestParameters: request = {}, responseElements: answer = {} }: CloudTrailRecord) {
  const id =
    wordOf(request, "userId") ??
    wordOf(partOf(request, "memberId"), "userId") ??
    wordOf(request, "memberId") ??
    wordOf(answer, "userId") ??
    wordOf(partOf(answer, "user"), "userId");
  if (id === undefined) return undefined;
  const name = wordOf(request, "userName");
  return defined({
    uid: id,
    name: name === HIDDEN_NAME ? undefined : name,
    type: "IdentityCenterUser",
    type_id: USER_TYPE.user,
  });
}

function directoryGroup({ requestParameters: request = {}, responseElements: answer = {} }: CloudTrailRecord) {
  const id = wordOf(request, "groupId") ?? wordOf(answer, "groupId") ?? wordOf(partOf(answer, "group"), "groupId");
  const name = wordOf(request, "displayName") ?? wordOf(request, "groupName");
  return id === undefined ? undefined : defined({ uid: id, name: name === HIDDEN_NAME ? undefined : name });
}

export function wordOf(members: JsonObject, name: string): string | undefined {
  const word = members[name];
  return typeof word === "string" && word !== "" ? word : undefined;
}

function partOf(members: JsonObject, name: string): JsonObject {
  const member = members[name];
  return isObject(member) ? member : {};
}
