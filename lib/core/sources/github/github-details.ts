/** What a GitHub webhook tells that OCSF has no word for, as `unmapped`: rules read it there. */
import { defined } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { environmentOf } from "./github-resources.ts";
import type { GitHubMessage, GitHubPayload } from "./github-schema.ts";

/** @returns undefined where there is nothing to add */
export function gitHubDetails(message: GitHubMessage): JsonObject | undefined {
  const details = defined({ ...ofEvent(message), environment: environmentOf(message.payload) });
  return Object.keys(details).length === 0 ? undefined : details;
}

function ofEvent({ event, payload }: GitHubMessage): JsonObject {
  const { ref, before, after, created, deleted, forced, review, workflow_job: job, rule, changes } = payload;
  switch (event) {
    case "push":
      return defined({ ref, before, after, created, deleted, forced });
    case "create":
    case "delete":
      return defined({ ref, ref_type: payload.ref_type });
    case "pull_request_review":
      return defined({ review_state: review?.state });
    case "deployment_review":
      return reviewOf(payload);
    case "workflow_job":
      return defined({ job: job?.name, runner: job?.runner_name, runner_group: job?.runner_group_name });
    case "workflow_run":
      return defined({ workflow: payload.workflow_run?.name, conclusion: payload.workflow_run?.conclusion });
    case "branch_protection_rule":
      return defined({ rule: rule?.name, changed: changedIn(changes) });
    case "repository_ruleset": {
      const { name, enforcement } = payload.repository_ruleset ?? {};
      return defined({ rule: name, enforcement, changed: changedIn(changes) });
    }
    case "repository":
    case "team":
      return defined({ changed: changedIn(changes) });
    case "deploy_key":
      return defined({ key: payload.key?.title, read_only: payload.key?.read_only });
    case "fork":
      return defined({ fork: payload.forkee?.full_name });
    case "merge_group":
      return defined({ base_ref: payload.merge_group?.base_ref });
    default:
      return alertOf(payload);
  }
}

/** Who may decide, who did, and for whom. */
function reviewOf({ reviewers, approver, requestor }: GitHubPayload): JsonObject {
  const names = (reviewers ?? []).flatMap(({ type, reviewer }) => {
    if (reviewer?.login !== undefined) return [`github:${reviewer.login}`];
    return reviewer?.slug === undefined ? [] : [`${type?.toLowerCase() ?? "team"}:${reviewer.slug}`];
  });
  return defined({
    reviewers: names.length === 0 ? undefined : names,
    approver: approver?.login,
    requestor: requestor?.login,
  });
}

/** Why an alert was set aside, and who asked to pass a protection and who answered. */
function alertOf({ alert, exemption_request: request }: GitHubPayload): JsonObject {
  const responses = (request?.responses ?? []).flatMap(({ reviewer_login: login, status }) =>
    login === undefined ? [] : [`${status ?? "answered"} by github:${login}`],
  );
  return defined({
    bypassed: alert?.push_protection_bypassed,
    reason: alert?.dismissed_reason ?? alert?.resolution,
    requester: request?.requester_login,
    request: request?.request_type,
    responses: responses.length === 0 ? undefined : responses,
  });
}

function changedIn(changes: JsonObject | undefined): readonly string[] | undefined {
  const names = Object.entries(changes ?? {}).flatMap(([name, change]) => (change === undefined ? [] : [name]));
  return names.length === 0 ? undefined : names.slice(0, MAX_CHANGED);
}

/** The rest are in the raw data. */
const MAX_CHANGED = 50;
