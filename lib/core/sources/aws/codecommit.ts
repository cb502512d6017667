/** CodeCommit's repositories, pull requests, comments and approval rules (https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html). */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { flag, part, read, text } from "../fields.ts";
import { commitNode, linksTo } from "../trace-nodes.ts";
import { isPrincipalArn, regionalArn } from "./arn.ts";
import { userOfArn } from "./aws-principal.ts";
import type { EventBridgeEvent, EventBridgeMessage } from "./eventbridge-schema.ts";
import { type ServiceEvent, serviceEvent } from "./service-event.ts";

const Detail = z.object({
  event: text,
  callerUserArn: text,
  repositoryName: text,
  repositoryNames: part(z.array(z.string())),
  referenceFullName: text,
  commitId: text,
  oldCommitId: text,
  pullRequestId: text,
  revisionId: text,
  author: text,
  sourceCommit: text,
  destinationReference: text,
  mergeOption: text,
  isMerged: flag,
  approvalStatus: text,
  overrideStatus: text,
  approvalRuleName: text,
  approvalRuleTemplateName: text,
});
type Detail = z.infer<typeof Detail>;

const ACTIONS = new Map<string, DeliveryAction>([
  ["referenceCreated", "source.push"],
  ["referenceUpdated", "source.push"],
  ["referenceDeleted", "source.push"],
  ["pullRequestApprovalStateChanged", "source.review"],
  ["pullRequestApprovalRuleCreated", "source.protect"],
  ["pullRequestApprovalRuleUpdated", "source.protect"],
  ["pullRequestApprovalRuleDeleted", "source.protect"],
]);

/** Made, changed, removed, tied to repositories or untied from them, one or many at a time. */
const TEMPLATE = /^(batch)?(associate|disassociate)?approvalRuleTemplate/i;

export function normaliseCodeCommit(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const detail = read(Detail, event.detail ?? {}, "the CodeCommit event's detail");
  // Pushes name nobody: CloudTrail's GitPush does.
  const user = isPrincipalArn(detail.callerUserArn) ? userOfArn(detail.callerUserArn) : undefined;
  return serviceEvent(message, {
    action: actionOf(detail),
    event: detail.event,
    user,
    resources: repositoriesOf(event, detail),
    ...traceOf(event, detail),
    details: {
      event: detail.event,
      reference: detail.referenceFullName ?? detail.destinationReference,
      commit: detail.commitId ?? detail.sourceCommit,
      previous_commit: detail.oldCommitId,
      pull_request: detail.pullRequestId,
      pull_request_author: detail.author,
      pull_request_revision: detail.revisionId,
      merge_option: detail.mergeOption,
      approval_status: detail.approvalStatus,
      override_status: detail.overrideStatus,
      approval_rule: detail.approvalRuleName,
      approval_rule_template: detail.approvalRuleTemplateName,
    },
  });
}

/** A pull request's id is unique in its account and region. Comments name neither a commit that was delivered nor a change of one. */
function traceOf(event: EventBridgeEvent, detail: Detail): Pick<ServiceEvent, "trace" | "links"> {
  const { pullRequestId, commitId, sourceCommit } = detail;
  if (pullRequestId === undefined) return { trace: commitNode(commitId) };
  return {
    trace: `codecommit:${event.account ?? "unknown"}/${event.region ?? "unknown"}/pull/${pullRequestId}`,
    links: linksTo([commitNode(sourceCommit), commitNode(commitId)]),
  };
}

function actionOf({ event = "", mergeOption, isMerged, overrideStatus }: Detail): DeliveryAction | undefined {
  if (mergeOption !== undefined && (event === "referenceUpdated" || isMerged === true)) return "source.merge";
  // Rules that were set aside are put back in force by revoking the override.
  if (event === "pullRequestApprovalRuleOverridden") {
    return overrideStatus === "REVOKE" ? "source.protect" : "pipeline.bypass";
  }
  return TEMPLATE.test(event) ? "source.protect" : ACTIONS.get(event);
}

function repositoriesOf(event: EventBridgeEvent, { repositoryName, repositoryNames = [] }: Detail) {
  const names = repositoryName === undefined ? repositoryNames : [repositoryName];
  return names.map((name) => regionalArn("codecommit", event, name));
}
