/** GitLab as a webhook source: project, group and system hooks (https://docs.gitlab.com/user/project/integrations/webhook_events/). */
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { OcsfResource, OcsfUser } from "../../record/ocsf.ts";
import { defined, read } from "../fields.ts";
import { gitLabAction, gitLabOperation, gitLabStatus } from "./gitlab-action.ts";
import { GitLabPayload } from "./gitlab-schema.ts";
import { verifyGitLab } from "./gitlab-signature.ts";
import { type WebhookFacts, webhookEvent, webhookUser, writtenTime } from "./webhook-event.ts";
import type { WebhookMessage, WebhookSource } from "./webhook-source.ts";

export const gitLab: WebhookSource = {
  name: "gitlab",
  eventHeader: "X-Gitlab-Event",
  keptHeaders: [
    "content-type",
    "user-agent",
    "x-gitlab-event",
    "x-gitlab-instance",
    "x-gitlab-event-uuid",
    "x-gitlab-webhook-uuid",
    "idempotency-key",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
  ],
  verify: verifyGitLab,
  normalise: normaliseGitLab,
};

function normaliseGitLab(message: WebhookMessage): NormalisedEvent {
  const payload = read(GitLabPayload, message.original, "the webhook's payload");
  const { headers } = message;
  const path = pathOf(payload);
  const affected = webhookUser(message, payload.user_username ?? payload.username, { email: payload.user_email });
  return webhookEvent(message, {
    product: "GitLab",
    vendor: "GitLab",
    operation: gitLabOperation(payload),
    action: gitLabAction(payload),
    delivery: headers["webhook-id"] ?? headers["idempotency-key"],
    time: timeOf(payload),
    user: actorOf(message, payload),
    resources: resourcesOf(payload, path, affected),
    status: gitLabStatus(payload),
    trace: traceOf(payload, path),
    commits: commitsOf(payload),
    access: accessTo(payload, affected),
    signIn: payload.event_name === "user_failed_login" ? affected : undefined,
  });
}

const ABOUT_AN_ACCOUNT = /^(user|key)_/;

/** A system hook about an account tells whose it is, and not who changed it. */
function actorOf(message: WebhookMessage, payload: GitLabPayload): OcsfUser | undefined {
  const { event_name: event = "", user, user_id: id } = payload;
  if (event === "user_failed_login") return webhookUser(message, payload.username, { email: payload.user_email });
  if (ABOUT_AN_ACCOUNT.test(event)) return undefined;
  // Its user is whoever started the pipeline; nobody tells who canceled it.
  if (payload.object_attributes?.status === "canceled") return undefined;
  if (user?.username !== undefined) {
    return webhookUser(message, user.username, { name: user.name, email: user.email });
  }
  // Older pushes have the number alone; no user name has a slash.
  const name = payload.user_username ?? (typeof id === "number" ? `user/${id}` : undefined);
  return webhookUser(message, name, { name: payload.user_name, email: payload.user_email });
}

function accessTo({ event_name: event = "", ...payload }: GitLabPayload, user?: OcsfUser): WebhookFacts["access"] {
  const [, change] = /^user_(add_to|update_for|remove_from)_(team|group)$/.exec(event) ?? [];
  if (change === undefined || user === undefined) return undefined;
  const privilege = payload.project_access ?? payload.access_level ?? payload.group_access ?? "member";
  return { user, privilege, isGiven: change !== "remove_from" };
}

/** Commits carry times too, and are never asked: whoever makes a commit chooses them. An approval does not change its request's time. */
function timeOf(payload: GitLabPayload): number | undefined {
  const { object_kind: kind, object_attributes: attributes } = payload;
  const isReview = /approv/.test(attributes?.action ?? "");
  const told: Readonly<Record<string, string | undefined>> = {
    merge_request: isReview ? undefined : attributes?.updated_at,
    pipeline: attributes?.finished_at,
    build: payload.build_finished_at ?? payload.build_started_at,
    deployment: payload.status_changed_at,
  };
  if (kind === undefined) return writtenTime(payload.updated_at ?? payload.created_at);
  return writtenTime(Object.hasOwn(told, kind) ? told[kind] : undefined);
}

function pathOf(payload: GitLabPayload): string | undefined {
  const { project, path_with_namespace, project_path_with_namespace, group_path, full_path } = payload;
  const path = project?.path_with_namespace ?? path_with_namespace ?? project_path_with_namespace;
  return path ?? full_path ?? group_path ?? pathOfUrl(payload.repository?.homepage);
}

/** A job's event of older versions has the project's address alone. */
function pathOfUrl(url: string | undefined): string | undefined {
  const path = URL.parse(url ?? "")?.pathname.slice(1);
  return path === "" ? undefined : path;
}

function resourcesOf(payload: GitLabPayload, path: string | undefined, affected?: OcsfUser): readonly OcsfResource[] {
  const account = affected?.uid === undefined ? [] : [{ uid: affected.uid, type: "user" }];
  const isAccount = ABOUT_AN_ACCOUNT.test(payload.event_name ?? "");
  if (path === undefined) return isAccount ? account : [];
  const uid = `gitlab:${path}`;
  const { object_attributes: attributes, object_kind: kind, environment } = payload;
  const ref = payload.ref ?? attributes?.ref;
  const type = payload.group_path === undefined && payload.full_path === undefined ? "repository" : "group";
  return [
    { uid, name: path, type },
    ...(kind === "merge_request" && typeof attributes?.iid === "number"
      ? [{ uid: `${uid}/merge_requests/${attributes.iid}`, type: "merge-request" }]
      : []),
    ...(kind === "deployment" && typeof environment === "string"
      ? [{ uid: `${uid}/environments/${environment}`, type: "environment" }]
      : []),
    ...(ref === undefined ? [] : [{ uid: `${uid}@${ref}`, type: "ref" }]),
    ...(isAccount ? account : []),
  ].map(defined);
}

function traceOf({ object_kind: kind, object_attributes, pipeline_id }: GitLabPayload, path?: string) {
  if (path === undefined) return undefined;
  const iid = object_attributes?.iid;
  if (kind === "merge_request") return typeof iid === "number" ? `gitlab:${path}/merge_requests/${iid}` : undefined;
  const id = kind === "pipeline" ? object_attributes?.id : pipeline_id;
  return typeof id === "number" ? `gitlab:${path}/pipelines/${id}` : undefined;
}

/** A push's new commit, a request's last and the one that its merge made, a pipeline's. */
function commitsOf({ object_kind: kind, object_attributes: attributes, ...payload }: GitLabPayload): unknown[] {
  if (kind === "merge_request") return [attributes?.last_commit?.id, attributes?.merge_commit_sha];
  return kind === "pipeline" ? [attributes?.sha] : [payload.after, payload.sha];
}
