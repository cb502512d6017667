/** The delivery action of a GitHub webhook: two tables of event and action, and the few that the payload decides. */
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { GITHUB_ACCESS_ACTIONS } from "./github-access-actions.ts";
import { GITHUB_DELIVERY_ACTIONS } from "./github-delivery-actions.ts";
import type { GitHubMessage } from "./github-schema.ts";

/** `event.action`, or `event` for all of its actions; what is not here is `other`. */
const ACTIONS = new Map<string, DeliveryAction>([...GITHUB_ACCESS_ACTIONS, ...GITHUB_DELIVERY_ACTIONS]);

/** Families of events, of which GitHub adds to: `exemption_request_push_ruleset.completed`. */
const FAMILIES: readonly (readonly [events: RegExp, action: DeliveryAction])[] = [
  [/^(bypass|exemption)_request_\w+\.completed$/, "pipeline.bypass"],
  // Somebody else answered whoever asked to pass a protection, or to dismiss an alert.
  [/^(bypass|exemption|dismissal)_request_\w+\.(response_submitted|approved|denied)$/, "source.review"],
  [/^(organization_)?custom_property/, "source.admin"],
];

export function gitHubAction(message: GitHubMessage): DeliveryAction {
  const operation = gitHubOperation(message);
  return decided(message) ?? ACTIONS.get(operation) ?? ACTIONS.get(message.event) ?? family(operation) ?? "other";
}

/** What GitHub calls it: `push`, `pull_request.closed`. */
export function gitHubOperation({ event, payload }: GitHubMessage): string {
  return payload.action === undefined ? event : `${event}.${payload.action}`;
}

function decided({ event, payload }: GitHubMessage): DeliveryAction | undefined {
  const { action, pull_request, review, workflow_run, alert } = payload;
  switch (event) {
    case "pull_request":
      return action === "closed" && pull_request?.merged === true ? "source.merge" : "other";
    case "pull_request_review":
      // Whoever answers a comment submits a review too, its pull request's own author among them.
      return review?.state?.toLowerCase() === "commented" ? "other" : undefined;
    case "workflow_run":
      if (action === "requested" && Number(workflow_run?.run_attempt) > 1) return "pipeline.retry";
      return action === "completed" && workflow_run?.conclusion === "cancelled" ? "pipeline.stop" : undefined;
    case "secret_scanning_alert":
      return action === "created" && alert?.push_protection_bypassed === true ? "pipeline.bypass" : undefined;
    default:
      return undefined;
  }
}

function family(operation: string): DeliveryAction | undefined {
  return FAMILIES.find(([events]) => events.test(operation))?.[1];
}
