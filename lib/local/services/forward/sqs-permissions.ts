/** Which permission an SQS request needs (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html). */
import * as z from "zod";
import { AwsError, type AwsRequest, LOCAL_ACCOUNT, LOCAL_REGION, type Permission } from "../../aws-service.ts";
import { notImplemented, readJson } from "../json-service.ts";

/** What fauxqs does, with the action that permits it: a batch needs the permission of its single form. */
const ACTIONS: ReadonlyMap<string, string> = new Map([
  ["ChangeMessageVisibility", "ChangeMessageVisibility"],
  ["ChangeMessageVisibilityBatch", "ChangeMessageVisibility"],
  ["CreateQueue", "CreateQueue"],
  ["DeleteMessage", "DeleteMessage"],
  ["DeleteMessageBatch", "DeleteMessage"],
  ["DeleteQueue", "DeleteQueue"],
  ["GetQueueAttributes", "GetQueueAttributes"],
  ["GetQueueUrl", "GetQueueUrl"],
  ["ListQueueTags", "ListQueueTags"],
  ["ListQueues", "ListQueues"],
  ["PurgeQueue", "PurgeQueue"],
  ["ReceiveMessage", "ReceiveMessage"],
  ["SendMessage", "SendMessage"],
  ["SendMessageBatch", "SendMessage"],
  ["SetQueueAttributes", "SetQueueAttributes"],
  ["TagQueue", "TagQueue"],
  ["UntagQueue", "UntagQueue"],
]);

const ByName = z.looseObject({ QueueName: z.string() });
const ByUrl = z.looseObject({ QueueUrl: z.string() });

export function describeSqs(request: AwsRequest): { operation: string; needs: readonly Permission[] } {
  const [prefix, operation = ""] = (request.headers["x-amz-target"] ?? "").split(".");
  if (prefix !== "AmazonSQS") throw notImplemented("sqs in any but its JSON protocol");
  const action = ACTIONS.get(operation);
  if (action === undefined) throw notImplemented(`sqs ${operation}`);
  const resource = operation === "ListQueues" ? "*" : queueArn(queueName(readJson(request)));
  return { operation, needs: [{ action: `sqs:${action}`, resource }] };
}

function queueArn(name: string): string {
  return `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
}

/** Exactly this form, on any host: a URL that two servers may read differently would be authorised for one queue and served from another. */
const QUEUE_URL = /^https?:\/\/[^/?#\\]+\/(\d{12})\/([A-Za-z0-9_-]+(?:\.fifo)?)$/;

function queueName(input: unknown): string {
  const byName = ByName.safeParse(input);
  const byUrl = ByUrl.safeParse(input);
  // Whichever of the two an operation reads: with both, they could differ.
  if (byName.success && !byUrl.success) return byName.data.QueueName;
  const [, account, name] = (byUrl.success && !byName.success && QUEUE_URL.exec(byUrl.data.QueueUrl)) || [];
  if (account === LOCAL_ACCOUNT && name !== undefined) return name;
  throw new AwsError("InvalidAddress", 404, "The QueueUrl is not that of a queue of this account.");
}
