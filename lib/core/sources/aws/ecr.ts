/** ECR's images pushed, deleted, replicated and scanned (https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html). */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { object, part, read, text } from "../fields.ts";
import { regionalArn } from "./arn.ts";
import type { EventBridgeEvent, EventBridgeMessage } from "./eventbridge-schema.ts";
import { serviceEvent } from "./service-event.ts";

const Detail = z.object({
  "action-type": text,
  result: text,
  "repository-name": text,
  "image-digest": text,
  "image-tag": text,
  "image-tags": part(z.array(z.string())),
  "scan-status": text,
  "finding-severity-counts": object,
  repositories: part(z.array(z.object({ "repository-arn": text }))),
});
type Detail = z.infer<typeof Detail>;

const IMAGE_ACTION = "ECR Image Action";

const ACTIONS = new Map<string, DeliveryAction>([
  ["PUSH SUCCESS", "artifact.publish"],
  ["DELETE SUCCESS", "artifact.delete"],
]);

export function normaliseEcr(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const detail = read(Detail, event.detail ?? {}, "the ECR event's detail");
  const { "action-type": type, result, "image-tag": tag, "image-tags": tags } = detail;
  return serviceEvent(message, {
    action: event["detail-type"] === IMAGE_ACTION ? ACTIONS.get(`${type} ${result}`) : undefined,
    state: result ?? detail["scan-status"],
    event: type,
    resources: repositoriesOf(event, detail),
    details: {
      image_action: type,
      image_digest: detail["image-digest"],
      image_tags: tag === undefined ? tags : [tag],
      finding_severity_counts: detail["finding-severity-counts"],
    },
  });
}

function repositoriesOf(event: EventBridgeEvent, { "repository-name": name, repositories = [] }: Detail) {
  return [
    name === undefined ? undefined : regionalArn("ecr", event, `repository/${name}`),
    ...repositories.map((repository) => repository["repository-arn"]),
  ];
}
