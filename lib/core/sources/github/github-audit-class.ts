/** The OCSF class of a record of GitHub's audit log: sign-ins, accounts, teams and people's access have their own, anything else is API Activity. */
import {
  ACCOUNT_CHANGE,
  ACTIVITY_OTHER,
  API_ACTIVITY,
  AUTHENTICATION,
  GROUP_MANAGEMENT,
  type OcsfEvent,
  type OcsfUser,
  USER_ACCESS,
} from "../../record/ocsf.ts";
import { defined } from "../fields.ts";
import { classPart } from "../ocsf-event.ts";
import type { ClassPart } from "../webhooks/webhook-event.ts";
import { gitHubAuditAction } from "./github-audit-action.ts";
import type { GitHubAuditRecord } from "./github-audit-schema.ts";
import { gitHubUser } from "./github-user.ts";

type AuditClass = ClassPart & Pick<OcsfEvent, "group">;

const ASSIGN = 1;
const REVOKE = 2;
const LOGON = 1;

/** Account Change's activities. */
const ACCOUNT_ACTIVITIES = new Map([
  ["user.create", 1],
  ["user.recreate", 1],
  ["external_identity.provision", 1],
  ["user.unsuspend", 2],
  ["user.change_password", 3],
  ["user.reset_password", 4],
  ["user.suspend", 5],
  ["external_identity.deprovision", 5],
  ["user.delete", 6],
  ["user.destroy", 6],
  ["user.async_delete", 6],
  ["two_factor_authentication.enabled", 10],
  ["two_factor_authentication.add_factor", 10],
  ["two_factor_authentication.disabled", 11],
  ["two_factor_authentication.remove_factor", 11],
]);

/** Group Management's activities. */
const TEAM_ACTIVITIES = new Map([
  ["create", 6],
  ["destroy", 5],
  ["rename", ACTIVITY_OTHER],
  ["change_parent_team", ACTIVITY_OTHER],
  ["change_privacy", ACTIVITY_OTHER],
  ["add_repository", ASSIGN],
  ["update_repository_permission", ASSIGN],
  ["remove_repository", REVOKE],
]);

/** API Activity's activities by `operation_type`, and by how an action begins where a record has none. */
const OPERATIONS = new Map([
  ["create", 1],
  ["access", 2],
  ["modify", 3],
  ["remove", 4],
]);
const VERBS: readonly (readonly [activity: number, verbs: RegExp])[] = [
  [1, /\.(create|add|register|invite|submit|provision)/],
  [2, /\.(clone|fetch|download|export|request$)/],
  [4, /\.(destroy|delete|remove|revoke|dismiss)/],
  [3, /\.(update|push|change|set|enable|disable|merge|rename|transfer|access|archived|unarchived)/],
];

export function gitHubAuditClass(record: GitHubAuditRecord): AuditClass {
  return (
    authentication(record) ?? accountChange(record) ?? groupManagement(record) ?? userAccess(record) ?? api(record)
  );
}

function authentication(record: GitHubAuditRecord): AuditClass | undefined {
  const user = affected(record) ?? gitHubUser({ login: record.actor, type: undefined });
  if (gitHubAuditAction(record.action) !== "access.sign-in" || user === undefined) return undefined;
  return { ...classPart(AUTHENTICATION, LOGON), user, service: { name: "github.com" } };
}

function accountChange(record: GitHubAuditRecord): AuditClass | undefined {
  const activity = ACCOUNT_ACTIVITIES.get(record.action);
  // Whoever changes an account of their own is told as its actor alone.
  const user = affected(record) ?? gitHubUser({ login: record.actor, type: undefined });
  return activity === undefined || user === undefined ? undefined : { ...classPart(ACCOUNT_CHANGE, activity), user };
}

function groupManagement({ action, team, permission }: GitHubAuditRecord): AuditClass | undefined {
  const [, verb = ""] = /^(?:enterprise_)?team\.(\w+)$/.exec(action) ?? [];
  const activity = TEAM_ACTIVITIES.get(verb);
  if (activity === undefined || team === undefined) return undefined;
  return defined({
    ...classPart(GROUP_MANAGEMENT, activity),
    activity_name: activity === ACTIVITY_OTHER ? action : undefined,
    group: { uid: teamUid(team), name: team },
    privileges: activity === ASSIGN || activity === REVOKE ? [permission ?? "repository"] : undefined,
  });
}

/** A team is written `acme/core`. */
export function teamUid(team: string): string {
  const slash = team.indexOf("/");
  return slash < 0 ? team : `github:${team.slice(0, slash)}/teams/${team.slice(slash + 1)}`;
}

function userAccess(record: GitHubAuditRecord): AuditClass | undefined {
  const meaning = gitHubAuditAction(record.action);
  const user = affected(record);
  if (user === undefined || (meaning !== "access.grant" && meaning !== "access.revoke")) return undefined;
  return {
    ...classPart(USER_ACCESS, meaning === "access.grant" ? ASSIGN : REVOKE),
    user,
    privileges: [privilegeOf(record)],
  };
}

/** What was given in GitHub's words, else where: `team:core`, `repo`, `org`. */
function privilegeOf({ action, permission, role, team, ...record }: GitHubAuditRecord): string {
  const named = permission ?? role ?? record.organization_role_name ?? record.enterprise_role_name;
  if (named !== undefined) return named;
  const [category = action] = action.split(".");
  return team === undefined ? category : `team:${team.slice(team.indexOf("/") + 1)}`;
}

function affected({ user }: GitHubAuditRecord): OcsfUser | undefined {
  return gitHubUser({ login: user, type: undefined });
}

function api({ action, operation_type, request_id }: GitHubAuditRecord): AuditClass {
  const known = OPERATIONS.get(operation_type ?? "") ?? VERBS.find(([, verbs]) => verbs.test(action))?.[0];
  return defined({
    ...classPart(API_ACTIVITY, known ?? ACTIVITY_OTHER),
    activity_name: known === undefined ? action : undefined,
    api: defined({
      operation: action,
      service: { name: "github.com" },
      request: request_id === undefined ? undefined : { uid: request_id },
    }),
  });
}
