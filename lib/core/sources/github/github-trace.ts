/** Which delivery a GitHub webhook belongs to: the run, the pull request or the commit that it is about, and what those are tied to. */
import type { NormalisedEvent } from "../../record/audit-record.ts";
import { commitNode, gitHubPullNode, gitHubRunNode, linksTo } from "../trace-nodes.ts";
import type { GitHubMessage, GitHubPayload } from "./github-schema.ts";

type Trace = Pick<NormalisedEvent, "trace" | "links">;

/** The event's own node first, then what it is tied to. */
type Nodes = readonly [own: string | undefined, ...others: (string | undefined)[]];

export function gitHubTrace({ event, payload }: GitHubMessage): Trace {
  const [trace, ...others] = nodesOf(event, payload);
  const links = trace === undefined ? undefined : linksTo(others);
  return { ...(trace !== undefined && { trace }), ...(links !== undefined && { links }) };
}

function nodesOf(event: string, payload: GitHubPayload): Nodes {
  const { workflow_run: run, workflow_job: job, deployment, review } = payload;
  const repository = payload.repository?.full_name;
  switch (event) {
    case "push":
      return [commitNode(payload.after)];
    case "pull_request":
      return [pullOf(payload), commitNode(payload.pull_request?.head?.sha), mergeOf(payload)];
    case "pull_request_review":
      return [pullOf(payload), commitNode(review?.commit_id)];
    case "pull_request_review_comment":
    case "pull_request_review_thread":
      return [pullOf(payload)];
    case "workflow_run":
    case "deployment_review":
      return [gitHubRunNode(repository, run?.id), commitNode(run?.head_sha)];
    case "workflow_job":
      return [gitHubRunNode(repository, job?.run_id), commitNode(job?.head_sha)];
    case "deployment":
    case "deployment_status": {
      const [node, commit] = [gitHubRunNode(repository, run?.id), commitNode(deployment?.sha)];
      return node === undefined ? [commit] : [node, commit];
    }
    default:
      return [commitNode(commitOf(event, payload))];
  }
}

/** Of events that are about a commit, and about nothing that was made for it. */
function commitOf(event: string, payload: GitHubPayload): string | undefined {
  switch (event) {
    case "check_run":
      return payload.check_run?.head_sha;
    case "check_suite":
      return payload.check_suite?.head_sha;
    case "status":
      return payload.sha;
    case "deployment_protection_rule":
      return payload.deployment?.sha;
    case "merge_group":
      return payload.merge_group?.head_sha;
    case "page_build":
      return payload.build?.commit;
    default:
      return undefined;
  }
}

function pullOf({ repository, pull_request }: GitHubPayload): string | undefined {
  return gitHubPullNode(repository?.full_name, pull_request?.number);
}

/** Before it is merged, it is the sha of a commit that GitHub makes for trying. */
function mergeOf({ action, pull_request }: GitHubPayload): string | undefined {
  return action === "closed" && pull_request?.merged === true ? commitNode(pull_request.merge_commit_sha) : undefined;
}
