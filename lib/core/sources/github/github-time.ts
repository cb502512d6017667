/** When a GitHub webhook's event happened, as GitHub itself tells it. */
import { millisOf } from "../fields.ts";
import { type GitHubMessage, type GitHubPayload, MAX_TIME_MS } from "./github-schema.ts";

/**
 * Else when it arrived. Commits and the runs of checks carry times too, and are never asked: whoever makes them chooses those.
 *
 * @returns epoch milliseconds
 */
export function gitHubTime({ event, payload, receivedAt }: GitHubMessage): number {
  if (event === "push") return secondsOf(payload.repository?.pushed_at) ?? receivedAt;
  if (event === "installation" && payload.action === "created") {
    return secondsOf(payload.installation?.created_at) ?? receivedAt;
  }
  return millisOf(changeTime(event, payload) ?? deliveryTime(event, payload)) ?? receivedAt;
}

function changeTime(event: string, payload: GitHubPayload): string | undefined {
  const { action, pull_request, review, rule, alert } = payload;
  switch (event) {
    case "pull_request":
    case "pull_request_review_thread":
      return pull_request?.updated_at;
    case "pull_request_review":
      return action === "submitted" ? review?.submitted_at : pull_request?.updated_at;
    case "branch_protection_rule":
      // A deleted rule still shows when it was last changed.
      return action === "deleted" ? undefined : rule?.updated_at;
    case "dependabot_alert":
      return alert?.updated_at;
    case "secret_scanning_alert":
      return (action === "created" ? alert?.push_protection_bypassed_at : alert?.updated_at) ?? createdTime(payload);
    default:
      return createdTime(payload);
  }
}

/** Of things that tell when they were made, and not when they changed. */
function createdTime({ action, alert, key, exemption_request, personal_access_token_request }: GitHubPayload) {
  if (action !== "created") return undefined;
  return (key ?? alert ?? exemption_request ?? personal_access_token_request)?.created_at;
}

function deliveryTime(event: string, payload: GitHubPayload): string | undefined {
  const { action, workflow_job: job } = payload;
  switch (event) {
    case "workflow_run":
      return payload.workflow_run?.updated_at;
    case "workflow_job":
      if (action === "completed") return job?.completed_at;
      return action === "in_progress" ? job?.started_at : job?.created_at;
    case "check_suite":
      return payload.check_suite?.updated_at;
    case "deployment":
      return payload.deployment?.created_at;
    case "deployment_status":
      return payload.deployment_status?.created_at;
    case "deployment_review":
      return action === "requested" ? payload.since : undefined;
    case "status":
      return payload.updated_at;
    case "release":
      return action === "published" ? payload.release?.published_at : undefined;
    case "page_build":
      return payload.build?.updated_at;
    default:
      return undefined;
  }
}

function secondsOf(value: unknown): number | undefined {
  const isTime = typeof value === "number" && Number.isInteger(value) && value > 0 && value * 1000 < MAX_TIME_MS;
  return isTime ? value * 1000 : undefined;
}
