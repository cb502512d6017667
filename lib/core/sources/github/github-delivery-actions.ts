/** What GitHub's webhooks about source, workflows, deployments and packages mean for the delivery. */
import type { DeliveryAction } from "../../record/delivery-action.ts";

/** By `event.action`, or by `event` for all of its actions. */
export const GITHUB_DELIVERY_ACTIONS: readonly (readonly [operation: string, action: DeliveryAction])[] = [
  ["push", "source.push"],
  // Branches and tags.
  ["create", "source.push"],
  ["delete", "source.push"],
  ["pull_request_review.submitted", "source.review"],
  ["pull_request_review.dismissed", "source.review"],

  ["workflow_dispatch", "pipeline.start"],
  ["repository_dispatch", "pipeline.start"],
  ["workflow_run.requested", "pipeline.start"],
  ["check_run.rerequested", "pipeline.retry"],
  ["check_suite.rerequested", "pipeline.retry"],
  ["workflow_job.in_progress", "build.start"],
  ["deployment_review.approved", "pipeline.approve"],
  ["deployment_review.rejected", "pipeline.reject"],
  ["deployment.created", "deploy.start"],

  ["release.published", "artifact.publish"],
  ["release.unpublished", "artifact.delete"],
  ["release.deleted", "artifact.delete"],
  ["package.published", "artifact.publish"],
  ["package.updated", "artifact.publish"],
  ["registry_package.published", "artifact.publish"],
  ["registry_package.updated", "artifact.publish"],
  ["page_build", "artifact.publish"],
];
