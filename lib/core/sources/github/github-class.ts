/** The OCSF class of a GitHub webhook: User Access where somebody's access changed, Group Management for teams, else API Activity. */
import {
  ACTIVITY_OTHER,
  API_ACTIVITY,
  GROUP_MANAGEMENT,
  type OcsfEvent,
  type OcsfUser,
  USER_ACCESS,
  USER_TYPE,
} from "../../record/ocsf.ts";
import { defined } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { classPart } from "../ocsf-event.ts";
import type { ClassPart } from "../webhooks/webhook-event.ts";
import { gitHubOperation } from "./github-action.ts";
import type { GitHubMessage, GitHubPayload } from "./github-schema.ts";
import { gitHubUser } from "./github-user.ts";

const ASSIGN = 1;
const REVOKE = 2;
const UPDATE = 3;
/** An app may ask for some dozens of permissions; the rest are in the raw data. */
const MAX_PRIVILEGES = 60;

/** Whether an action gives access. What is neither `true` nor `false` here changes none. */
const GIVES: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  member: { added: true, edited: true, removed: false },
  membership: { added: true, removed: false },
  organization: { member_added: true, member_invited: true, member_removed: false },
  org_block: { unblocked: true, blocked: false },
  installation: {
    created: true,
    unsuspend: true,
    new_permissions_accepted: true,
    deleted: false,
    suspend: false,
  },
  installation_repositories: { added: true, removed: false },
  github_app_authorization: { revoked: false },
  personal_access_token_request: { approved: true },
};

/** Group Management's activities. */
const TEAM_ACTIVITIES = new Map([
  ["team.created", 6],
  ["team.deleted", 5],
  ["team.edited", ACTIVITY_OTHER],
  ["team.added_to_repository", ASSIGN],
  ["team.removed_from_repository", REVOKE],
  ["team_add", ASSIGN],
]);

/** API Activity's activities by the last word of the webhook's action, or of the event where it has none. */
const ACTIVITIES: readonly (readonly [activity: number, actions: RegExp])[] = [
  [1, /(^|_)(create|created|opened|added|submitted|published|requested|assigned|labeled|fork|dispatch)$/],
  [4, /(^|_)(delete|deleted|removed|unassigned|unlabeled|revoked|dismissed)$/],
  [
    UPDATE,
    /(^|_)(push|public|edited|updated|synchronize|closed|reopened|renamed|transferred|changed|completed|locked|unlocked|archived|unarchived|publicized|privatized|resolved|unresolved)$/,
  ],
];

export function gitHubClass(message: GitHubMessage): ClassPart & Pick<OcsfEvent, "group"> {
  return userAccess(message) ?? groupManagement(message) ?? apiActivity(message);
}

function userAccess({ event, payload }: GitHubMessage): ClassPart | undefined {
  const gives = Object.hasOwn(GIVES, event) ? GIVES[event] : undefined;
  const { action = "" } = payload;
  const isGiven = gives !== undefined && Object.hasOwn(gives, action) ? gives[action] : undefined;
  const user = isGiven === undefined ? undefined : affected(event, payload);
  if (user === undefined) return undefined;
  return { ...classPart(USER_ACCESS, isGiven ? ASSIGN : REVOKE), user, privileges: privilegesOf(event, payload) };
}

function affected(event: string, payload: GitHubPayload): OcsfUser | undefined {
  switch (event) {
    case "organization": {
      const login = payload.invitation?.login;
      return gitHubUser(payload.membership?.user ?? payload.user ?? (login === undefined ? undefined : { login }));
    }
    case "org_block":
      return gitHubUser(payload.blocked_user);
    case "installation":
    case "installation_repositories":
      return appOf(payload);
    case "github_app_authorization":
      return gitHubUser(payload.sender);
    case "personal_access_token_request":
      return gitHubUser(payload.personal_access_token_request?.owner);
    default:
      return gitHubUser(payload.member);
  }
}

function appOf({ installation }: GitHubPayload): OcsfUser | undefined {
  const { id, app_slug } = installation ?? {};
  if (typeof id !== "number") return undefined;
  return defined({
    uid: `github-app-installation:${id}`,
    name: app_slug,
    type: "GitHubApp",
    type_id: USER_TYPE.service,
  });
}

/** The class wants one at least: what a change is about is told by the event itself. */
function privilegesOf(event: string, payload: GitHubPayload): readonly string[] {
  const { changes, team, membership, invitation, installation, personal_access_token_request: token } = payload;
  switch (event) {
    case "membership":
      return [team?.slug === undefined ? "team" : `team:${team.slug}`];
    case "organization":
      return [membership?.role ?? invitation?.role ?? "member"];
    case "org_block":
      return ["interaction"];
    case "installation":
    case "installation_repositories":
      return permissionsIn(installation?.permissions, "installation");
    case "github_app_authorization":
      return ["app-authorization"];
    case "personal_access_token_request":
      return permissionsIn(token?.permissions_result, "personal-access-token");
    default:
      // An event without a permission is still about being a collaborator: that is what a member of a repository is.
      return [changes?.role_name?.to ?? changes?.permission?.to ?? "collaborator"];
  }
}

/** `contents:write`; a token's are in groups: `repository.contents:write`. */
function permissionsIn(permissions: JsonObject | undefined, otherwise: string): readonly string[] {
  const flat = Object.entries(permissions ?? {}).flatMap(([name, level]) =>
    typeof level === "object" && level !== null
      ? Object.entries(level).map(([inner, value]) => [`${name}.${inner}`, value] as const)
      : [[name, level] as const],
  );
  const told = flat.flatMap(([name, level]) => (typeof level === "string" ? [`${name}:${level}`] : []));
  return told.length === 0 ? [otherwise] : told.slice(0, MAX_PRIVILEGES);
}

function groupManagement(message: GitHubMessage): (ClassPart & Pick<OcsfEvent, "group">) | undefined {
  const operation = gitHubOperation(message);
  const activity = TEAM_ACTIVITIES.get(operation);
  const { team, organization } = message.payload;
  const name = team?.name ?? team?.slug;
  if (activity === undefined || name === undefined) return undefined;
  const slug = team?.slug ?? name;
  return defined({
    ...classPart(GROUP_MANAGEMENT, activity),
    activity_name: activity === ACTIVITY_OTHER ? operation : undefined,
    group: { uid: organization?.login === undefined ? slug : `github:${organization.login}/teams/${slug}`, name },
    privileges: activity === ASSIGN || activity === REVOKE ? [team?.permission ?? "repository"] : undefined,
  });
}

function apiActivity(message: GitHubMessage): ClassPart {
  const { event, delivery, payload } = message;
  const operation = gitHubOperation(message);
  const known = ACTIVITIES.find(([, actions]) => actions.test(payload.action ?? event))?.[0];
  return defined({
    ...classPart(API_ACTIVITY, known ?? ACTIVITY_OTHER),
    activity_name: known === undefined ? operation : undefined,
    api: defined({
      operation,
      service: { name: "github.com" },
      request: delivery === undefined ? undefined : { uid: delivery },
    }),
  });
}
