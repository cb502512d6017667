/** The delivery action of a GitHub webhook: a table of event and action, and the few that the payload decides. */
import type { DeliveryAction } from "../record/delivery-action.ts";
import type { GitHubMessage } from "./github-schema.ts";

/** `event.action`, or `event` for all of its actions; what is not here is `other`. */
const ACTIONS = new Map<string, DeliveryAction>([
  ["push", "source.push"],
  ["pull_request_review.submitted", "source.review"],
  ["pull_request_review.dismissed", "source.review"],
  ["branch_protection_rule", "source.protect"],
  ["branch_protection_configuration", "source.protect"],
  ["repository_ruleset", "source.protect"],
  ["repository", "source.admin"],
  ["public", "source.admin"],
  ["member.added", "access.grant"],
  ["member.edited", "access.grant"],
  ["member.removed", "access.revoke"],
  ["membership.added", "access.grant"],
  ["membership.removed", "access.revoke"],
  ["team.added_to_repository", "access.grant"],
  ["team.removed_from_repository", "access.revoke"],
  ["team_add", "access.grant"],
  ["organization.member_added", "access.grant"],
  ["organization.member_removed", "access.revoke"],
  ["installation.created", "access.grant"],
  ["installation.deleted", "access.revoke"],
  ["installation_repositories.added", "access.grant"],
  ["installation_repositories.removed", "access.revoke"],
  ["github_app_authorization.revoked", "access.revoke"],
  ["deploy_key.created", "credential.create"],
  ["deploy_key.deleted", "credential.delete"],
  ["personal_access_token_request.approved", "credential.create"],
  // A deleted webhook is a source that falls silent.
  ["meta.deleted", "audit.tamper"],
  ["workflow_dispatch", "pipeline.start"],
  ["workflow_run.requested", "pipeline.start"],
  ["deployment_review.approved", "pipeline.approve"],
  ["deployment_review.rejected", "pipeline.reject"],
  ["deployment.created", "deploy.start"],
  ["package.published", "artifact.publish"],
  ["registry_package.published", "artifact.publish"],
  ["release.published", "artifact.publish"],
  ["release.deleted", "artifact.delete"],
]);

export function gitHubAction(message: GitHubMessage): DeliveryAction {
  const { action, pull_request } = message.payload;
  if (message.event === "pull_request") {
    return action === "closed" && pull_request?.merged === true ? "source.merge" : "other";
  }
  return ACTIONS.get(gitHubOperation(message)) ?? ACTIONS.get(message.event) ?? "other";
}

/** What GitHub calls it: `push`, `pull_request.closed`. */
export function gitHubOperation({ event, payload }: GitHubMessage): string {
  return payload.action === undefined ? event : `${event}.${payload.action}`;
}
