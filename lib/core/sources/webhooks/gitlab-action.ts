/** The delivery action of a GitLab webhook. */
import type { DeliveryAction } from "../../record/delivery-action.ts";
import type { GitLabPayload } from "./gitlab-schema.ts";
import type { WebhookStatus } from "./webhook-event.ts";

/** By `gitLabOperation`; what is not here is `other`. */
const ACTIONS = new Map<string, DeliveryAction>([
  ["push", "source.push"],
  ["tag_push", "source.push"],
  ["merge_request.merge", "source.merge"],
  // One approval, and the last that was needed.
  ["merge_request.approval", "source.review"],
  ["merge_request.approved", "source.review"],
  ["merge_request.unapproval", "source.review"],
  ["merge_request.unapproved", "source.review"],
  ["pipeline.running", "pipeline.start"],
  ["pipeline.canceled", "pipeline.stop"],
  ["build.running", "build.start"],
  ["deployment.running", "deploy.start"],
  ["release.create", "artifact.publish"],
  ["release.delete", "artifact.delete"],
  ["user_add_to_team", "access.grant"],
  ["user_update_for_team", "access.grant"],
  ["user_remove_from_team", "access.revoke"],
  ["user_add_to_group", "access.grant"],
  ["user_update_for_group", "access.grant"],
  ["user_remove_from_group", "access.revoke"],
  ["user_create", "identity.create"],
  ["user_destroy", "identity.remove"],
  ["user_failed_login", "access.sign-in"],
  ["key_create", "credential.create"],
  ["key_destroy", "credential.delete"],
  ["project_create", "source.admin"],
  ["project_destroy", "source.admin"],
  ["project_rename", "source.admin"],
  ["project_transfer", "source.admin"],
  ["project_update", "source.admin"],
  ["group_create", "source.admin"],
  ["group_destroy", "source.admin"],
  ["group_rename", "source.admin"],
]);

export function gitLabAction(payload: GitLabPayload): DeliveryAction {
  return ACTIONS.get(gitLabOperation(payload)) ?? "other";
}

/** What happened, in GitLab's words: `push`, `merge_request.merge`, `pipeline.running`, `user_add_to_team`. */
export function gitLabOperation(payload: GitLabPayload): string {
  const { object_kind, event_name, object_attributes } = payload;
  const kind = object_kind ?? event_name ?? "unknown";
  const word = object_attributes?.action ?? stateOf(payload) ?? payload.action;
  return word === undefined ? kind : `${kind}.${word}`;
}

export function gitLabStatus(payload: GitLabPayload): WebhookStatus {
  if (payload.event_name === "user_failed_login") return "failure";
  const state = stateOf(payload);
  // That somebody stopped it is told as done, and not as failed.
  if (state === undefined || /^(success|canceled)$/.test(state)) return "success";
  return state === "failed" ? "failure" : "running";
}

/** Pipelines, jobs and deployments are told of at each change of their state. */
function stateOf({ object_kind, object_attributes, build_status, status }: GitLabPayload): string | undefined {
  switch (object_kind) {
    case "pipeline":
      return object_attributes?.status;
    case "build":
      return build_status;
    case "deployment":
      return status;
    default:
      return undefined;
  }
}
