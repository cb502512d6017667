/** GitHub webhooks to OCSF API Activity, and changes of a repository's collaborators to OCSF User Access Management. */
import type { NormalisedEvent } from "../record/audit-record.ts";
import type { Granted } from "../record/granted.ts";
import {
  ACTIVITY_OTHER,
  API_ACTIVITY,
  type OcsfResource,
  type OcsfUser,
  SUCCESS,
  USER_ACCESS,
  USER_TYPE,
} from "../record/ocsf.ts";
import { defined, millisOf } from "./fields.ts";
import { gitHubAction, gitHubOperation } from "./github-action.ts";
import { type GitHubMessage, type GitHubPayload, MAX_TIME_MS } from "./github-schema.ts";
import { sha256Hex } from "./json.ts";
import { classPart, metadata } from "./ocsf-event.ts";
import { boundedPrincipal } from "./principal.ts";
import type { ClassPart } from "./webhook-event.ts";

/** API Activity's activities by the last word of the webhook's action. */
const ACTIVITIES: readonly (readonly [activity: number, actions: RegExp])[] = [
  [1, /(^|_)(created|opened|added|submitted|published|requested|assigned|labeled)$/],
  [4, /(^|_)(deleted|removed|unassigned|unlabeled|revoked|dismissed)$/],
  [3, /(^|_)(edited|updated|synchronize|closed|reopened|renamed|transferred|changed|completed|locked|unlocked)$/],
];
const UPDATE = 3;

/** User Access Management's activities. */
const MEMBER_ACTIVITIES = new Map([
  ["added", 1],
  ["edited", 1],
  ["removed", 2],
]);

export function normaliseGitHub(message: GitHubMessage): NormalisedEvent {
  const operation = gitHubOperation(message);
  const runId = message.payload.workflow_run?.id;
  return defined({
    event: defined({
      ...classOf(message, operation),
      time: timeOf(message),
      message: `${operation}${message.payload.repository?.full_name ? ` in ${message.payload.repository.full_name}` : ""}`,
      status_id: SUCCESS,
      status: "Success",
      metadata: metadata({
        // Without a delivery's id the same bytes are the same event.
        uid: message.delivery ?? `sha256:${sha256Hex(`${message.event}\n${message.raw}`)}`,
        product: "GitHub",
        vendor: "GitHub",
        code: operation,
        profiles: [],
      }),
      actor: { user: userOf(message.payload.sender) ?? GITHUB },
      src_endpoint: { svc_name: "github" },
      resources: resourcesOf(message.payload),
    }),
    action: gitHubAction(message),
    granted: grantedTo(message.payload),
    trace:
      typeof runId === "number" ? `github:${message.payload.repository?.full_name}/actions/runs/${runId}` : undefined,
  });
}

/** The principal of an event without a sender: GitHub itself. */
const GITHUB: OcsfUser = { uid: "service:github.com", type: "Service", type_id: USER_TYPE.service };

function classOf(message: GitHubMessage, operation: string): ClassPart {
  const { action = "", member, changes } = message.payload;
  const memberActivity = MEMBER_ACTIVITIES.get(action);
  const user = userOf(member);
  if (message.event === "member" && memberActivity !== undefined && user !== undefined) {
    // An event without a permission is still about being a collaborator: that is what a member of a repository is.
    const privilege = changes?.role_name?.to ?? changes?.permission?.to ?? "collaborator";
    return { ...classPart(USER_ACCESS, memberActivity), user, privileges: [privilege] };
  }
  const known = message.event === "push" ? UPDATE : ACTIVITIES.find(([, actions]) => actions.test(action))?.[0];
  return defined({
    ...classPart(API_ACTIVITY, known ?? ACTIVITY_OTHER),
    activity_name: known === undefined ? operation : undefined,
    api: defined({
      operation,
      service: { name: "github.com" },
      request: message.delivery === undefined ? undefined : { uid: message.delivery },
    }),
  });
}

/**
 * When GitHub says it happened, else when it arrived. Commits carry times too, and are never asked: whoever makes a commit chooses them.
 */
function timeOf({ event, payload, receivedAt }: GitHubMessage): number {
  const { pull_request, review, rule, repository, action } = payload;
  const told: Readonly<Record<string, string | undefined>> = {
    pull_request: pull_request?.updated_at,
    workflow_run: payload.workflow_run?.updated_at,
    pull_request_review: action === "submitted" ? review?.submitted_at : pull_request?.updated_at,
    // A deleted rule still shows when it was last changed.
    branch_protection_rule: action === "deleted" ? undefined : rule?.updated_at,
  };
  const pushedAt = event === "push" ? repository?.pushed_at : undefined;
  if (typeof pushedAt === "number" && Number.isInteger(pushedAt) && pushedAt > 0 && pushedAt * 1000 < MAX_TIME_MS) {
    return pushedAt * 1000;
  }
  return millisOf(Object.hasOwn(told, event) ? told[event] : undefined) ?? receivedAt;
}

function userOf(account: GitHubPayload["sender"]): OcsfUser | undefined {
  const login = account?.login;
  if (login === undefined) return undefined;
  return defined({
    uid: boundedPrincipal(`github:${login}`),
    name: login,
    type: account?.type,
    type_id: account?.type === "Bot" ? USER_TYPE.service : USER_TYPE.user,
  });
}

/** GitHub tells neither the session nor the token; an app's installation is all that can be named. */
function grantedTo({ installation }: GitHubPayload): Granted {
  const id = installation?.id;
  return defined({ by: "token", credential: typeof id === "number" ? `github-app-installation:${id}` : undefined });
}

function resourcesOf({
  repository,
  organization,
  pull_request,
  ref,
}: GitHubPayload): readonly OcsfResource[] | undefined {
  const name = repository?.full_name;
  if (name === undefined) {
    return organization?.login === undefined
      ? undefined
      : [{ uid: `github:${organization.login}`, type: "organization" }];
  }
  const number = pull_request?.number;
  return [
    { uid: `github:${name}`, name, type: "repository" },
    ...(typeof number === "number" ? [{ uid: `github:${name}/pull/${number}`, type: "pull-request" }] : []),
    ...(ref === undefined ? [] : [{ uid: `github:${name}@${ref}`, type: "ref" }]),
  ];
}
