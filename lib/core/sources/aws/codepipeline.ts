/** CodePipeline's state changes to OCSF Application Lifecycle (https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html). */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { ACTIVITY_OTHER, APPLICATION_LIFECYCLE, type OcsfUser } from "../../record/ocsf.ts";
import { defined, part, read, text } from "../fields.ts";
import { awsCloud, classPart, metadata } from "../ocsf-event.ts";
import { buildNode, commitNode, deploymentNode, linksTo } from "../trace-nodes.ts";
import { isArn, isPrincipalArn } from "./arn.ts";
import { grantedToUser, reportingService, userOfArn } from "./aws-principal.ts";
import { pipelineArns } from "./codepipeline-arns.ts";
import { type EventBridgeMessage, eventBridgeUid } from "./eventbridge-schema.ts";
import { lifecycleStatus } from "./state.ts";

const Detail = z.object({
  pipeline: text,
  "execution-id": text,
  state: text,
  stage: text,
  action: text,
  type: part(z.object({ category: text, provider: text, owner: text })),
  "execution-result": part(z.object({ "external-execution-id": text })),
  "execution-trigger": part(z.object({ "trigger-type": text, "trigger-detail": text })),
});
type Detail = z.infer<typeof Detail>;

const PIPELINE = "CodePipeline Pipeline Execution State Change";
const ACTION = "CodePipeline Action Execution State Change";

const ACTIVITIES = new Map([
  ["STARTED", 3],
  ["RESUMED", 5],
  ["STOPPING", 4],
  ["STOPPED", 4],
  ["CANCELED", 4],
  ["SUPERSEDED", 4],
]);

/** What a state means, by whose state it is: the pipeline's, or that of an action of a category. A stage's state adds nothing to these. */
const ACTIONS = new Map<string, DeliveryAction>([
  ["Pipeline STARTED", "pipeline.start"],
  ["Pipeline RESUMED", "pipeline.retry"],
  ["Pipeline STOPPING", "pipeline.stop"],
  ["Pipeline STOPPED", "pipeline.stop"],
  ["Pipeline CANCELED", "pipeline.stop"],
  ["Approval SUCCEEDED", "pipeline.approve"],
  ["Approval FAILED", "pipeline.reject"],
  ["Build STARTED", "build.start"],
  ["Deploy STARTED", "deploy.start"],
]);

const CODEPIPELINE = reportingService("codepipeline.amazonaws.com");

export function normaliseCodePipeline(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const detail = read(Detail, event.detail ?? {}, "the CodePipeline event's detail");
  const state = detail.state ?? "UNKNOWN";
  const activity = ACTIVITIES.get(state) ?? ACTIVITY_OTHER;
  const user = starterOf(detail) ?? CODEPIPELINE;
  return defined({
    event: defined({
      ...classPart(APPLICATION_LIFECYCLE, activity),
      activity_name: activity === ACTIVITY_OTHER ? state : undefined,
      time: Date.parse(event.time),
      message: [detail.pipeline, detail.stage, detail.action, state].filter((word) => word !== undefined).join(" "),
      ...lifecycleStatus(state),
      metadata: metadata({
        uid: eventBridgeUid(message),
        product: "CodePipeline",
        vendor: "AWS",
        code: event["detail-type"],
        originalTime: event.time,
        profiles: ["cloud", "host"],
      }),
      cloud: awsCloud(event.account, event.region),
      actor: { user },
      app: appOf(message, detail),
      resources: resourcesOf(message, detail),
      unmapped: defined({
        state,
        stage: detail.stage,
        action: detail.action,
        category: detail.type?.category,
        provider: detail.type?.provider,
        trigger: detail["execution-trigger"]?.["trigger-type"],
      }),
    }),
    action: ACTIONS.get(`${subjectOf(message, detail)} ${state}`) ?? "other",
    granted: grantedToUser(user),
    trace: detail["execution-id"],
    links: linksOf(detail),
  });
}

/** An action's own execution elsewhere: the commit that a source action took, the build or deployment that it ran. */
function linksOf({ type, "execution-result": result }: Detail): readonly string[] | undefined {
  const id = result?.["external-execution-id"];
  switch (type?.category) {
    case "Source":
      return linksTo([commitNode(id)]);
    case "Build":
    case "Test":
      return linksTo([buildNode(id)]);
    case "Deploy":
      return linksTo([deploymentNode(id)]);
    default:
      return undefined;
  }
}

function subjectOf({ event }: EventBridgeMessage, { type }: Detail): string | undefined {
  if (event["detail-type"] === PIPELINE) return "Pipeline";
  return event["detail-type"] === ACTION ? type?.category : "Stage";
}

/**
 * Who started the execution, which STARTED alone tells. An approval's summary is never read for a name: it may be the approver's own words,
 * and CloudTrail's PutApprovalResult says who approved.
 */
function starterOf({ "execution-trigger": trigger }: Detail): OcsfUser | undefined {
  const arn = trigger?.["trigger-detail"];
  return isPrincipalArn(arn) ? userOfArn(arn) : undefined;
}

function appOf({ event }: EventBridgeMessage, { pipeline }: Detail) {
  const [uid] = pipelineArns({ name: pipeline }, event);
  return defined({ name: pipeline ?? "unknown", uid, vendor_name: "AWS" });
}

/** An approval is about its action, in the form that IAM knows; everything else is about the pipeline. */
function resourcesOf({ event }: EventBridgeMessage, { pipeline, stage, action, type }: Detail) {
  const isApproval = type?.category === "Approval";
  const arns = pipelineArns({ name: pipeline, ...(isApproval && { stageName: stage, actionName: action }) }, event);
  const uids = [...new Set(arns.filter(isArn))];
  return uids.length === 0 ? undefined : uids.map((uid) => ({ uid }));
}
