/** Which permission an SNS request needs (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html). */
import { AwsError, type AwsRequest, LOCAL_ACCOUNT, LOCAL_REGION, type Permission } from "../../aws-service.ts";
import { notImplemented } from "../json-service.ts";

/** What fauxqs does: the action that permits it, and the parameter that says what it is about (`*` where nothing does). */
const ACTIONS: ReadonlyMap<string, readonly [action: string, parameter: string]> = new Map([
  ["ConfirmSubscription", ["ConfirmSubscription", "TopicArn"]],
  ["CreateTopic", ["CreateTopic", "Name"]],
  ["DeleteTopic", ["DeleteTopic", "TopicArn"]],
  ["GetSubscriptionAttributes", ["GetSubscriptionAttributes", "SubscriptionArn"]],
  ["GetTopicAttributes", ["GetTopicAttributes", "TopicArn"]],
  ["ListSubscriptions", ["ListSubscriptions", "*"]],
  ["ListSubscriptionsByTopic", ["ListSubscriptionsByTopic", "TopicArn"]],
  ["ListTagsForResource", ["ListTagsForResource", "ResourceArn"]],
  ["ListTopics", ["ListTopics", "*"]],
  ["Publish", ["Publish", "TopicArn"]],
  ["PublishBatch", ["Publish", "TopicArn"]],
  ["SetSubscriptionAttributes", ["SetSubscriptionAttributes", "SubscriptionArn"]],
  ["SetTopicAttributes", ["SetTopicAttributes", "TopicArn"]],
  ["Subscribe", ["Subscribe", "TopicArn"]],
  ["TagResource", ["TagResource", "ResourceArn"]],
  ["Unsubscribe", ["Unsubscribe", "SubscriptionArn"]],
  ["UntagResource", ["UntagResource", "ResourceArn"]],
]);

export function describeSns(request: AwsRequest): { operation: string; needs: readonly Permission[] } {
  const parameters = new URLSearchParams(request.body.toString("utf8"));
  const operation = only(parameters, "Action");
  const [action, parameter] = ACTIONS.get(operation) ?? [];
  if (action === undefined || parameter === undefined) throw notImplemented(`sns ${operation}`);
  return { operation, needs: [{ action: `sns:${action}`, resource: resourceOf(parameters, parameter) }] };
}

function resourceOf(parameters: URLSearchParams, parameter: string): string {
  if (parameter === "*") return "*";
  const value = only(parameters, parameter);
  // A topic that is about to be made has no ARN to name it by; a subscription falls under its topic's.
  if (parameter === "Name") return `arn:aws:sns:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${value}`;
  return parameter === "SubscriptionArn" ? value.split(":").slice(0, 6).join(":") : value;
}

/** Given twice, a parameter could be read as one value here and as the other by the server behind. */
function only(parameters: URLSearchParams, name: string): string {
  const [value, ...others] = parameters.getAll(name);
  if (value !== undefined && value !== "" && others.length === 0) return value;
  throw new AwsError("InvalidParameter", 400, `Invalid parameter: ${name}`);
}
