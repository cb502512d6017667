/** How queues are named and addressed, and made where they are not there yet. */
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "./aws-service.ts";
import { LocalCloudError } from "./local-cloud-error.ts";

export function queueArn(name: string): string {
  return `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
}

export function queueUrl(url: string, name: string): string {
  return `${url}/${LOCAL_ACCOUNT}/${name}`;
}

/** The last part of a queue's URL or ARN. */
export function queueNameOf(address: string): string {
  const name = address.split(/[/:]/).at(-1);
  if (!name) throw new LocalCloudError("TEMPLATE_INVALID", `${address} does not name a queue`);
  return name;
}

/** Creating a queue that exists with other attributes is an error on SQS, so that those are set on their own. */
export async function ensureQueue(sqs: SQSClient, name: string, attributes: Record<string, string>): Promise<void> {
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { FifoQueue: _, ...settable } = attributes;
    if (Object.keys(settable).length === 0) return;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: settable }));
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist)) throw error;
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  }
}
