/** What the events of CodeBuild, CodeDeploy, CodeCommit and ECR say that other EventBridge events do not. */
import type { DeliveryAction } from "../record/delivery-action.ts";
import { regionalArn } from "./arn.ts";
import type { EventBridgeEvent } from "./eventbridge-schema.ts";
import type { JsonObject } from "./json.ts";

/** Every member is optional: a service that changes its events loses detail, never the event. */
export interface ServiceEvent {
  readonly action?: DeliveryAction | undefined;
  readonly app?: string | undefined;
  readonly state?: string | undefined;
  /** The service's own word for what happened, where it has one besides the state. */
  readonly event?: string | undefined;
  /** ARN of who called, where the event tells. */
  readonly caller?: string | undefined;
  /** A name without proof: a user's, a pipeline's, another tool's. */
  readonly initiator?: string | undefined;
  readonly arn?: string | undefined;
}

export function readServiceEvent(event: EventBridgeEvent): ServiceEvent {
  const detail = event.detail ?? {};
  switch (event.source) {
    case "aws.codebuild":
      return codeBuild(event, detail);
    case "aws.codedeploy":
      return codeDeploy(event, detail);
    case "aws.codecommit":
      return codeCommit(detail);
    case "aws.ecr":
      return ecr(event, detail);
    default:
      return {};
  }
}

function codeBuild(event: EventBridgeEvent, detail: JsonObject): ServiceEvent {
  const state = wordOf(detail, "build-status") ?? wordOf(detail, "completed-phase-status");
  const app = wordOf(detail, "project-name");
  const more = detail["additional-information"] as JsonObject | undefined;
  const isStart = event["detail-type"] === "CodeBuild Build State Change" && state === "IN_PROGRESS";
  return {
    action: isStart ? "build.start" : undefined,
    app,
    state,
    initiator: typeof more?.["initiator"] === "string" ? more["initiator"] : undefined,
    arn: app === undefined ? undefined : regionalArn("codebuild", event, `project/${app}`),
  };
}

function codeDeploy(event: EventBridgeEvent, detail: JsonObject): ServiceEvent {
  const state = wordOf(detail, "state");
  const isStart = event["detail-type"] === "CodeDeploy Deployment State-change Notification" && state === "START";
  return { action: isStart ? "deploy.start" : undefined, app: wordOf(detail, "application"), state };
}

const CODECOMMIT_ACTIONS = new Map<string, DeliveryAction>([
  ["referenceCreated", "source.push"],
  ["referenceUpdated", "source.push"],
  ["referenceDeleted", "source.push"],
  ["pullRequestApprovalStateChanged", "source.review"],
  ["pullRequestApprovalRuleOverridden", "pipeline.bypass"],
  ["pullRequestApprovalRuleCreated", "source.protect"],
  ["pullRequestApprovalRuleUpdated", "source.protect"],
  ["pullRequestApprovalRuleDeleted", "source.protect"],
]);

function codeCommit(detail: JsonObject): ServiceEvent {
  const event = wordOf(detail, "event") ?? "";
  const isMerge = "mergeOption" in detail && (event === "referenceUpdated" || detail["isMerged"] === "True");
  const isTemplate = /^(batch)?(associate|disassociate)?approvalRuleTemplate/i.test(event);
  const action = isTemplate ? "source.protect" : CODECOMMIT_ACTIONS.get(event);
  return {
    action: isMerge ? "source.merge" : action,
    event: event || undefined,
    caller: wordOf(detail, "callerUserArn"),
  };
}

const ECR_ACTIONS = new Map<string, DeliveryAction>([
  ["PUSH SUCCESS", "artifact.publish"],
  ["DELETE SUCCESS", "artifact.delete"],
]);

function ecr(event: EventBridgeEvent, detail: JsonObject): ServiceEvent {
  const [type, result, repository] = ["action-type", "result", "repository-name"].map((name) => wordOf(detail, name));
  const isImageAction = event["detail-type"] === "ECR Image Action";
  return {
    action: isImageAction ? ECR_ACTIONS.get(`${type} ${result}`) : undefined,
    state: result ?? wordOf(detail, "scan-status"),
    event: type,
    arn: repository === undefined ? undefined : regionalArn("ecr", event, `repository/${repository}`),
  };
}

function wordOf(detail: JsonObject, name: string): string | undefined {
  const word = detail[name];
  return typeof word === "string" && word !== "" ? word : undefined;
}
