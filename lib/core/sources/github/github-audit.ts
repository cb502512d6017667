/** Records of GitHub's audit log to OCSF: who did what, from where, with which token, to which repository. */

import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { Granted } from "../../record/granted.ts";
import { FAILURE, type OcsfEvent, type OcsfResource, type OcsfUser, SUCCESS, USER_TYPE } from "../../record/ocsf.ts";
import { awsEndpoint } from "../aws/aws-endpoint.ts";
import { defined } from "../fields.ts";
import { type JsonObject, scalarText } from "../json.ts";
import { metadata } from "../ocsf-event.ts";
import { boundedPrincipal } from "../principal.ts";
import { commitNode, gitHubPullNode, gitHubRunNode, linksTo } from "../trace-nodes.ts";
import { gitHubAuditAction } from "./github-audit-action.ts";
import { gitHubAuditClass, teamUid } from "./github-audit-class.ts";
import type { GitHubAuditMessage, GitHubAuditRecord } from "./github-audit-schema.ts";

export function normaliseGitHubAudit({ record, uid }: GitHubAuditMessage): NormalisedEvent {
  const { action, actor_ip, user_agent } = record;
  const where = repositoryOf(record) ?? record.org ?? record.business;
  const resources = resourcesOf(record);
  const details = detailsOf(record);
  return {
    event: defined({
      ...gitHubAuditClass(record),
      time: Math.trunc(record.time),
      message: where === undefined ? action : `${action} in ${where}`,
      ...statusOf(record),
      metadata: metadata({ uid, product: "GitHub", vendor: "GitHub", code: action, profiles: [] }),
      actor: { user: actorOf(record) },
      src_endpoint: actor_ip === undefined ? { svc_name: "github" } : awsEndpoint(actor_ip),
      http_request: user_agent === undefined ? undefined : { user_agent },
      resources: resources.length === 0 ? undefined : resources,
      unmapped: Object.keys(details).length === 0 ? undefined : details,
    }),
    action: gitHubAuditAction(action),
    granted: grantedTo(record),
    ...traceOf(record),
  };
}

/** Git reads and writes of a deploy key, or of anybody in public, come without an actor; the rest that do are GitHub's own doing. */
function actorOf({ action, actor, actor_is_bot: isBot }: GitHubAuditRecord): OcsfUser {
  if (actor === undefined) {
    return action.startsWith("git.")
      ? { uid: "unknown", type_id: USER_TYPE.unknown }
      : { uid: "service:github.com", type: "Service", type_id: USER_TYPE.service };
  }
  const isService = isBot === true || actor.endsWith("[bot]");
  return defined({
    uid: boundedPrincipal(`github:${actor}`),
    name: actor,
    type: isService ? "Bot" : undefined,
    type_id: isService ? USER_TYPE.service : USER_TYPE.user,
  });
}

const FAILED = /(^|[._])(failed|failure|rejected_ref_update|unsatisfied)(_\w+)?$/;
const HTTP_ERROR = 400;

function statusOf({ action, conclusion, status_code }: GitHubAuditRecord): Pick<OcsfEvent, "status_id" | "status"> {
  const hasFailed =
    FAILED.test(action) ||
    /^(failure|timed_out|startup_failure)$/.test(conclusion ?? "") ||
    Number(status_code) >= HTTP_ERROR;
  return hasFailed ? { status_id: FAILURE, status: "Failure" } : { status_id: SUCCESS, status: "Success" };
}

/** The token's id names it in GitHub. A record without a kind of token is of a session in the browser, or says nothing. */
function grantedTo(record: GitHubAuditRecord): Granted {
  const { token_id, actor_ip, user_agent, external_identity_nameid } = record;
  const isId = /^[1-9]\d{0,18}$/.test(scalarText(token_id));
  return defined({
    by: "token",
    subject: external_identity_nameid,
    credential: isId ? `github-token:${token_id}` : undefined,
    sourceAddress: actor_ip,
    userAgent: user_agent,
  });
}

/** A repository is written `acme/shop`; what is not is the number of one, or a name without its owner. */
function repositoryOf({ repo, repository, org }: GitHubAuditRecord): string | undefined {
  const name = repo ?? repository;
  if (name === undefined || name.includes("/") || org === undefined) return name;
  return `${org}/${name}`;
}

function resourcesOf(record: GitHubAuditRecord): readonly OcsfResource[] {
  const { org, business, team, environment_name: environment, branch, ref = branch } = record;
  const name = repositoryOf(record);
  const number = pullNumberOf(record);
  const owner = org === undefined ? business && `enterprises/${business}` : org;
  const base = `github:${name ?? owner}`;
  return [
    ...(name === undefined ? [] : [{ uid: base, name, type: "repository" }]),
    ...(name !== undefined || owner === undefined
      ? []
      : [{ uid: base, type: org === undefined ? "enterprise" : "organization" }]),
    ...(team === undefined ? [] : [{ uid: teamUid(team), name: team, type: "team" }]),
    ...(name === undefined || number === undefined ? [] : [{ uid: `${base}/pull/${number}`, type: "pull-request" }]),
    ...(environment === undefined ? [] : [{ uid: `${base}/environments/${environment}`, type: "environment" }]),
    ...(name === undefined || ref === undefined ? [] : [{ uid: `${base}@${ref}`, type: "ref" }]),
    ...secretOf(record, base),
  ];
}

/** Rules match secrets by name; the values are never in the log. */
function secretOf({ action, key }: GitHubAuditRecord, base: string): readonly OcsfResource[] {
  const isSecret = gitHubAuditAction(action).startsWith("secret.") && key !== undefined;
  return isSecret ? [{ uid: `${base}/secrets/${key}`, name: key, type: "secret" }] : [];
}

function pullNumberOf({ pull_request_url: url }: GitHubAuditRecord): string | undefined {
  return /\/pull\/([1-9]\d*)$/.exec(url ?? "")?.[1];
}

function traceOf(record: GitHubAuditRecord): Pick<NormalisedEvent, "trace" | "links"> {
  const repository = repositoryOf(record);
  const run = gitHubRunNode(repository, record.workflow_run_id);
  // A review does not say whether it approved or answered a comment, its own author's included: then it proves no review of the delivery.
  const pull = record.action.startsWith("pull_request_review") ? undefined : pullNumberOf(record);
  const trace = run ?? gitHubPullNode(repository, pull);
  const links = trace === undefined ? undefined : linksTo([commitNode(record.head_sha)]);
  return { ...(trace !== undefined && { trace }), ...(links !== undefined && { links }) };
}

/** The rest is in the raw data. */
const MAX_LISTED = 50;

function detailsOf(record: GitHubAuditRecord): JsonObject {
  const { programmatic_access_type, token_scopes, old_permission, visibility, previous_visibility } = record;
  return defined({
    programmatic_access_type,
    token_scopes,
    old_permission,
    visibility,
    previous_visibility,
    overridden_codes: record.overridden_codes?.slice(0, MAX_LISTED),
    secrets_passed: record.secrets_passed?.slice(0, MAX_LISTED),
    read_only: record.read_only,
    runner: record.runner_name,
    protocol: record.transport_protocol_name,
    conclusion: record.conclusion,
  });
}
