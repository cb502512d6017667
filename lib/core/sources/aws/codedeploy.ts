/** CodeDeploy's deployments and the instances they reach (https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html). */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { read, text } from "../fields.ts";
import { deploymentNode } from "../trace-nodes.ts";
import { regionalArn } from "./arn.ts";
import type { EventBridgeEvent, EventBridgeMessage } from "./eventbridge-schema.ts";
import { serviceEvent } from "./service-event.ts";

const Detail = z.object({
  application: text,
  deploymentGroup: text,
  deploymentId: text,
  instanceId: text,
  state: text,
});
type Detail = z.infer<typeof Detail>;

const DEPLOYMENT = "CodeDeploy Deployment State-change Notification";

const ACTIONS = new Map<string, DeliveryAction>([
  ["START", "deploy.start"],
  ["STOP", "deploy.change"],
]);

export function normaliseCodeDeploy(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const detail = read(Detail, event.detail ?? {}, "the CodeDeploy event's detail");
  const { application, deploymentGroup, deploymentId, instanceId, state } = detail;
  return serviceEvent(message, {
    action: event["detail-type"] === DEPLOYMENT ? ACTIONS.get(state ?? "") : undefined,
    app: application,
    state,
    resources: resourcesOf(event, detail),
    trace: deploymentNode(deploymentId),
    details: { deployment: deploymentId, deployment_group: deploymentGroup, instance: instanceId },
  });
}

/** A deployment is about its group; what happens on one instance is about that instance, which the event's own resources begin with. */
function resourcesOf(event: EventBridgeEvent, { application, deploymentGroup, instanceId }: Detail) {
  if (application === undefined || instanceId !== undefined) return [];
  return [
    deploymentGroup && regionalArn("codedeploy", event, `deploymentgroup:${application}/${deploymentGroup}`),
    regionalArn("codedeploy", event, `application:${application}`),
  ];
}
