/** AWS::SQS::Queue and ::QueuePolicy. */
import * as z from "zod";
import { ensureQueue, queueArn, queueNameOf, queueUrl } from "../queues.ts";
import { physicalName } from "./physical-name.ts";
import { Count, Document, Flag, resourceType } from "./resource-type.ts";

const MAX_NAME = 80;

export const queue = resourceType({
  properties: z.object({
    QueueName: z.string().max(MAX_NAME).optional(),
    FifoQueue: Flag.optional(),
    ContentBasedDeduplication: Flag.optional(),
    VisibilityTimeout: Count.optional(),
    MessageRetentionPeriod: Count.optional(),
    DelaySeconds: Count.optional(),
    ReceiveMessageWaitTimeSeconds: Count.optional(),
    MaximumMessageSize: Count.optional(),
    RedrivePolicy: Document.optional(),
    RedriveAllowPolicy: Document.optional(),
  }),
  withoutMeaning: ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"],
  async make(properties, { stackName, logicalId }, { clients, url }) {
    const { QueueName, ...settings } = properties;
    const suffix = settings.FifoQueue ? ".fifo" : "";
    const name = QueueName ?? physicalName(stackName, logicalId, MAX_NAME - suffix.length) + suffix;
    await ensureQueue(clients.sqs, name, attributesOf(settings));
    return {
      ref: queueUrl(url, name),
      attributes: { Arn: queueArn(name), QueueName: name, QueueUrl: queueUrl(url, name) },
    };
  },
});

export const queuePolicy = resourceType({
  properties: z.object({ Queues: z.array(z.string()), PolicyDocument: Document }),
  make({ Queues, PolicyDocument }, { logicalId }, { policies }) {
    for (const address of Queues) policies.putResourcePolicy(queueArn(queueNameOf(address)), PolicyDocument);
    return { ref: logicalId };
  },
});

function attributesOf(settings: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]),
  );
}
