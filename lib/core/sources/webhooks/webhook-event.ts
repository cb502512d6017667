/** What a webhook's facts become in OCSF: API Activity, or User Access Management where somebody's access changed. */
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import {
  ACTIVITY_OTHER,
  API_ACTIVITY,
  AUTHENTICATION,
  FAILURE,
  type OcsfEvent,
  type OcsfResource,
  type OcsfUser,
  STATUS_OTHER,
  SUCCESS,
  USER_ACCESS,
  USER_TYPE,
} from "../../record/ocsf.ts";
import { defined, millisOf } from "../fields.ts";
import { sha256Hex } from "../json.ts";
import { classPart, metadata } from "../ocsf-event.ts";
import { boundedPrincipal } from "../principal.ts";
import { commitNode, linksTo } from "../trace-nodes.ts";
import type { WebhookMessage } from "./webhook-source.ts";

export interface WebhookFacts {
  readonly product: string;
  readonly vendor: string;
  /** What the source calls it. */
  readonly operation: string;
  readonly action: DeliveryAction;
  /** The delivery's own id, equal when it is sent again. */
  readonly delivery?: string | undefined;
  /** Epoch milliseconds, where the source tells it; else it is the time of arrival. */
  readonly time?: number | undefined;
  /** Who did it, where the source tells; else the source itself stands in. */
  readonly user?: OcsfUser | undefined;
  /** The most specific last. */
  readonly resources: readonly OcsfResource[];
  readonly status?: WebhookStatus | undefined;
  /** The pull request, run or operation that it is part of. Without one, the commit is, if it is about a single one. */
  readonly trace?: string | undefined;
  /** Commits that it is about, or that its trace has come to: whatever the source wrote where they belong. */
  readonly commits?: readonly unknown[];
  /** Whose access changed, and to what. */
  readonly access?: { readonly user: OcsfUser; readonly privilege: string; readonly isGiven: boolean } | undefined;
  /** Who tried to sign in. */
  readonly signIn?: OcsfUser | undefined;
}

/** Of one event: a trace with more of them would be everybody's. */
const MAX_COMMITS = 20;

export type WebhookStatus = "success" | "failure" | "running";

const ASSIGN = 1;
const REVOKE = 2;
const LOGON = 1;
/** API Activity's activities, by how a delivery action's name ends. */
const ACTIVITIES: readonly (readonly [activity: number, actions: RegExp])[] = [
  [1, /\.(create|publish|start|grant|register)$/],
  [4, /\.(delete|remove|revoke)$/],
  [3, /\.(push|merge|review|protect|admin|approve|reject|stop|change|edit|rollback)$/],
];

export function webhookEvent(message: WebhookMessage, facts: WebhookFacts): NormalisedEvent {
  const { operation, action, resources } = facts;
  const [first] = resources;
  return defined({
    event: defined({
      ...classOf(message, facts),
      time: facts.time ?? message.receivedAt,
      message: first?.name === undefined ? operation : `${operation} in ${first.name}`,
      ...statusOf(facts.status ?? "success"),
      metadata: metadata({
        // Without a delivery's id the same bytes are the same event.
        uid: facts.delivery ?? `sha256:${sha256Hex(`${operation}\n${message.raw}`)}`,
        product: facts.product,
        vendor: facts.vendor,
        code: operation,
        profiles: [],
      }),
      actor: {
        user: facts.user ?? { uid: `service:${message.source}`, type: "Service", type_id: USER_TYPE.service },
      },
      src_endpoint: { svc_name: message.source },
      resources: resources.length === 0 ? undefined : resources,
    }),
    action,
    // None of them tells the session or the token; behind each is one of its own.
    granted: { by: "token" },
    ...tracesOf(facts),
  });
}

function tracesOf({ trace, commits = [] }: WebhookFacts): Partial<Pick<NormalisedEvent, "trace" | "links">> {
  const nodes = linksTo(commits.slice(0, MAX_COMMITS).map(commitNode)) ?? [];
  if (trace !== undefined) return nodes.length === 0 ? { trace } : { trace, links: nodes };
  const [only, ...others] = nodes;
  return only === undefined || others.length > 0 ? {} : { trace: only };
}

/** As OCSF wants it. What is none, such as the `[REDACTED]` of GitLab for an address that is private, is left out. */
const EMAIL = /^[\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** @param id what the source names the account by, without its prefix */
export function webhookUser(
  { source }: WebhookMessage,
  id: string | undefined,
  fields: { readonly name?: string | undefined; readonly email?: string | undefined } = {},
): OcsfUser | undefined {
  if (id === undefined) return undefined;
  return defined({
    uid: boundedPrincipal(`${source}:${id}`),
    name: fields.name ?? id,
    email_addr: EMAIL.test(fields.email ?? "") ? fields.email : undefined,
    type_id: USER_TYPE.user,
  });
}

export type ClassPart = Pick<
  OcsfEvent,
  | "class_uid"
  | "category_uid"
  | "activity_id"
  | "activity_name"
  | "type_uid"
  | "severity_id"
  | "api"
  | "user"
  | "privileges"
  | "service"
>;

function classOf({ source }: WebhookMessage, { access, signIn, action, operation, delivery }: WebhookFacts): ClassPart {
  if (access !== undefined) {
    const { user, privilege, isGiven } = access;
    return { ...classPart(USER_ACCESS, isGiven ? ASSIGN : REVOKE), user, privileges: [privilege] };
  }
  if (signIn !== undefined) return { ...classPart(AUTHENTICATION, LOGON), user: signIn, service: { name: source } };
  const known = activityOf(action);
  return defined({
    ...classPart(API_ACTIVITY, known ?? ACTIVITY_OTHER),
    activity_name: known === undefined ? operation : undefined,
    api: defined({
      operation,
      service: { name: source },
      request: delivery === undefined ? undefined : { uid: delivery },
    }),
  });
}

/** API Activity's activity, where one describes the action. */
export function activityOf(action: DeliveryAction): number | undefined {
  return ACTIVITIES.find(([, actions]) => actions.test(action))?.[0];
}

function statusOf(status: WebhookStatus): Pick<OcsfEvent, "status_id" | "status"> {
  if (status === "running") return { status_id: STATUS_OTHER, status: "Running" };
  return status === "failure" ? { status_id: FAILURE, status: "Failure" } : { status_id: SUCCESS, status: "Success" };
}

const WRITTEN = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|UTC|[+-]\d\d:?\d\d)$/;

/** `2026-11-23T10:00:00Z`, `2026-11-23 10:00:00 UTC`, `2026-11-23 11:00:00 +0100` and the like, as epoch milliseconds. */
export function writtenTime(value: string | undefined): number | undefined {
  const [, date, time, zone = ""] = WRITTEN.exec(value ?? "") ?? [];
  if (date === undefined) return undefined;
  const offset = /^[A-Z]/.test(zone) ? "Z" : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  return millisOf(`${date}T${time}${offset}`);
}
