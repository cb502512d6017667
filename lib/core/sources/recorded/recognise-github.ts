/** Which event a GitHub webhook's body tells of, by its members: the header that names it is lost in most recordings (https://docs.github.com/en/webhooks/webhook-events-and-payloads). */
import { isObject, type JsonObject, scalarText } from "../json.ts";

/**
 * By members that a body has and that are not null, the most telling first: the first that fits is the event. A dot goes into an object; a
 * question mark lets the member be null.
 */
const BY_MEMBERS: readonly (readonly [event: string, members: string])[] = [
  ["ping", "zen hook_id"],
  ["meta", "hook hook_id"],
  ["deployment_protection_rule", "deployment_callback_url"],
  ["deployment_status", "deployment_status"],
  ["deployment_review", "workflow_run reviewers"],
  ["deployment_review", "workflow_run approver"],
  ["workflow_job", "workflow_job"],
  ["deployment", "deployment"],
  ["workflow_run", "workflow_run"],
  ["workflow_dispatch", "workflow inputs?"],
  ["repository_dispatch", "branch client_payload?"],
  ["check_run", "check_run"],
  ["check_suite", "check_suite"],
  ["pull_request_review_thread", "pull_request thread"],
  ["pull_request_review_comment", "pull_request comment"],
  ["pull_request_review", "pull_request review"],
  ["pull_request", "pull_request"],
  ["discussion_comment", "discussion comment"],
  ["discussion", "discussion"],
  ["sub_issues", "parent_issue"],
  ["sub_issues", "sub_issue"],
  ["issue_dependencies", "blocked_issue"],
  ["issue_comment", "issue comment"],
  ["issues", "issue"],
  ["commit_comment", "comment"],
  ["secret_scanning_alert_location", "alert location"],
  ["secret_scanning_alert", "alert.secret_type"],
  ["code_scanning_alert", "alert.tool"],
  ["dependabot_alert", "alert.security_vulnerability"],
  ["dependabot_alert", "alert.security_advisory"],
  ["repository_vulnerability_alert", "alert.affected_package_name"],
  ["secret_scanning_alert", "alert.number"],
  ["repository_advisory", "repository_advisory"],
  ["security_advisory", "security_advisory"],
  ["branch_protection_rule", "rule"],
  ["repository_ruleset", "repository_ruleset"],
  ["security_and_analysis", "changes.from.security_and_analysis"],
  ["custom_property_values", "new_property_values"],
  ["custom_property", "definition"],
  ["deploy_key", "key"],
  ["personal_access_token_request", "personal_access_token_request"],
  ["membership", "member team"],
  ["organization", "membership"],
  ["organization", "invitation"],
  ["member", "member"],
  ["team_add", "team"],
  ["org_block", "blocked_user"],
  ["installation_repositories", "repositories_added"],
  ["installation_target", "target_type"],
  ["installation", "installation.account"],
  ["star", "starred_at?"],
  ["fork", "forkee"],
  ["gollum", "pages"],
  ["label", "label"],
  ["milestone", "milestone"],
  ["marketplace_purchase", "marketplace_purchase"],
  ["sponsorship", "sponsorship"],
  ["merge_group", "merge_group"],
  ["registry_package", "registry_package"],
  ["package", "package"],
  ["release", "release"],
  ["page_build", "build"],
  ["project_card", "project_card"],
  ["project_column", "project_column"],
  ["project", "project"],
  ["projects_v2_status_update", "projects_v2_status_update"],
  ["projects_v2_item", "projects_v2_item"],
  ["projects_v2", "projects_v2"],
  ["push", "ref before after pusher"],
  ["create", "ref_type master_branch"],
  // Gitea's branch has the commit that it begins at.
  ["create", "ref_type sha"],
  ["delete", "ref_type"],
  ["status", "sha context"],
  ["repository_import", "status"],
];

/** What tells its event by nothing but the action: what else is there comes with any event. */
const BY_ACTION: readonly (readonly [event: string, about: string, action: RegExp])[] = [
  [
    "repository",
    "repository",
    /^(archived|created|deleted|edited|privatized|publicized|renamed|transferred|unarchived)$/,
  ],
  ["watch", "repository", /^started$/],
  ["branch_protection_configuration", "repository", /^(enabled|disabled)$/],
  ["public", "repository", /^$/],
  ["organization", "organization", /^(deleted|renamed)$/],
  ["github_app_authorization", "sender", /^revoked$/],
];
const COMES_WITH_ANY: ReadonlySet<string> = new Set([
  "action",
  "changes",
  "sender",
  "repository",
  "organization",
  "enterprise",
  "installation",
]);

/** What somebody asks to be let past or to close: the request says which of these events it is of. */
const BY_REQUEST: ReadonlyMap<unknown, string> = new Map([
  ["push_ruleset_bypass", "bypass_request_push_ruleset"],
  ["secret_scanning", "bypass_request_secret_scanning"],
  ["secret_scanning_closure", "dismissal_request_secret_scanning"],
  ["code_scanning_alert_dismissal", "dismissal_request_code_scanning"],
]);

/** A team that was given a repository has no action where it is told as `team_add`. */
const WITH_AN_ACTION: ReadonlyMap<string, string> = new Map([["team_add", "team"]]);

const EVENTS: ReadonlySet<string> = new Set([
  ...[...BY_MEMBERS, ...BY_ACTION].map(([event]) => event),
  ...BY_REQUEST.values(),
  ...WITH_AN_ACTION.values(),
]);

/** @returns the value of `X-GitHub-Event`, or nothing where the body fits none */
export function gitHubEventOf(body: JsonObject): string | undefined {
  const { exemption_request: request } = body;
  if (isObject(request)) return BY_REQUEST.get(request["request_type"]);
  const found = BY_MEMBERS.find(([, members]) => members.split(" ").every((member) => has(body, member)))?.[0];
  if (found === undefined) return byAction(body);
  return "action" in body ? (WITH_AN_ACTION.get(found) ?? found) : found;
}

/** Whether a word, such as a folder's name, is the name of an event. */
export function isGitHubEvent(word: string): boolean {
  return EVENTS.has(word);
}

function byAction(body: JsonObject): string | undefined {
  if (!Object.keys(body).every((member) => COMES_WITH_ANY.has(member))) return undefined;
  const about = ["repository", "organization", "sender"].find((member) => isObject(body[member]));
  const action = body["action"] ?? "";
  return BY_ACTION.find(([, member, actions]) => member === about && actions.test(scalarText(action)))?.[0];
}

function has(body: JsonObject, member: string): boolean {
  if (member.endsWith("?")) return Object.hasOwn(body, member.slice(0, -1));
  let value: unknown = body;
  for (const name of member.split(".")) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return false;
    value = value[name];
  }
  return value !== null;
}
