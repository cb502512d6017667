/** Which event a Bitbucket Cloud webhook's body tells of, by its members (https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/). */
import { isObject, type JsonObject } from "../json.ts";

/** By members, the most telling first. What comes about a pull request or an approval is looked at more closely. */
const BY_MEMBERS: readonly (readonly [key: string, members: readonly string[]])[] = [
  ["repo:push", ["push"]],
  ["repo:fork", ["fork"]],
  ["repo:commit_status", ["commit_status"]],
  ["pullrequest:approval", ["pullrequest", "approval"]],
  ["pullrequest:changes_request", ["pullrequest", "changes_request"]],
  ["pullrequest:comment", ["pullrequest", "comment"]],
  ["pullrequest", ["pullrequest"]],
  ["issue:updated", ["issue", "changes"]],
  ["issue:comment_created", ["issue", "comment"]],
  ["issue:created", ["issue"]],
  ["repo:commit_comment_created", ["commit", "comment"]],
  ["repo:updated", ["changes"]],
  ["repo:transfer", ["previous"]],
];

/** By shape, the words in which Bitbucket's settings name the triggers, as people name their recordings. */
const BY_NAME: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  pullrequest: new Map([
    ["pull-request-created", "pullrequest:created"],
    ["pull-request-updated", "pullrequest:updated"],
    ["pull-request-merged", "pullrequest:fulfilled"],
    ["pull-request-declined", "pullrequest:rejected"],
  ]),
  "pullrequest:approval": new Map([
    ["pull-request-approved", "pullrequest:approved"],
    ["pull-request-approval-removed", "pullrequest:unapproved"],
  ]),
  "pullrequest:changes_request": new Map([
    ["pull-request-changes-request-created", "pullrequest:changes_request_created"],
    ["pull-request-changes-request-removed", "pullrequest:changes_request_removed"],
  ]),
  "pullrequest:comment": new Map([
    ["pull-request-comment-created", "pullrequest:comment_created"],
    ["pull-request-comment-updated", "pullrequest:comment_updated"],
    ["pull-request-comment-deleted", "pullrequest:comment_deleted"],
  ]),
};

/**
 * The value of `X-Event-Key`. Where neither the body nor the recording's name says which of several events of one shape it is, the part
 * that they share stands alone (`pullrequest:approval`): a guess would be evidence of something that nobody saw.
 */
export function bitbucketKeyOf(body: JsonObject, hints: readonly string[]): string | undefined {
  const shape = BY_MEMBERS.find(([, members]) => members.every((member) => isObject(body[member])))?.[0];
  if (shape === undefined) return undefined;
  const told = closerLook(shape, body);
  const names = BY_NAME[told];
  const name = hints.findLast((hint) => names?.has(hint));
  return names?.get(name ?? "") ?? told;
}

function closerLook(shape: string, body: JsonObject): string {
  switch (shape) {
    case "pullrequest":
      return `${shape}${stateOf(body["pullrequest"])}`;
    case "pullrequest:comment":
      return isObject(body["comment"]) && body["comment"]["deleted"] === true ? "pullrequest:comment_deleted" : shape;
    case "repo:commit_status":
      return `${shape}${isUnchanged(body["commit_status"]) ? "_created" : "_updated"}`;
    default:
      return shape;
  }
}

const STATES: ReadonlyMap<unknown, string> = new Map([
  ["MERGED", ":fulfilled"],
  ["DECLINED", ":rejected"],
]);

function stateOf(request: unknown): string {
  if (!isObject(request)) return "";
  if (request["state"] === "OPEN") return isUnchanged(request) ? ":created" : ":updated";
  return STATES.get(request["state"]) ?? "";
}

function isUnchanged(thing: unknown): boolean {
  return isObject(thing) && thing["created_on"] === thing["updated_on"];
}
