/** The outcome that a GitHub webhook tells, of a check, a workflow, a deployment or a page (https://docs.github.com/en/rest/checks/runs). */
import { FAILURE, type OcsfEvent, STATUS_OTHER, SUCCESS } from "../../record/ocsf.ts";
import type { GitHubMessage, GitHubPayload } from "./github-schema.ts";

type Status = Pick<OcsfEvent, "status_id" | "status">;

/** That somebody stopped it is told as done, and not as failed. */
const DONE = /^(success|neutral|skipped|cancelled|stale|inactive|built)$/;
const FAILED = /^(failure|error|errored|timed_out|startup_failure)$/;

export function gitHubStatus({ event, payload }: GitHubMessage): Status {
  const word = wordOf(event, payload);
  if (word === undefined || DONE.test(word)) return { status_id: SUCCESS, status: "Success" };
  if (FAILED.test(word)) return { status_id: FAILURE, status: "Failure" };
  return { status_id: STATUS_OTHER, status: "Running" };
}

/** Undefined where the event is of a thing that is done once it is told. */
function wordOf(event: string, payload: GitHubPayload): string | undefined {
  switch (event) {
    case "workflow_run":
    case "workflow_job":
    case "check_run":
    case "check_suite":
      // Whoever asks for another run is told with the outcome of the last one.
      return payload.action === "completed" ? (payload[event]?.conclusion ?? payload[event]?.status) : "running";
    case "deployment_status":
      return payload.deployment_status?.state;
    case "status":
      return payload.state;
    case "page_build":
      return payload.build?.status;
    case "repository_import":
      return payload.status;
    default:
      return undefined;
  }
}
