/** From a queue through a function into a bucket, with the grants of the template and without one of them. */
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test, vi } from "vitest";
import { arnOf, cloudOf, functionOf, roleFor, type TestTemplate } from "./cloud-of.ts";

const PATIENCE = { timeout: 30_000, interval: 100 };

const COPY = `
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
const s3 = new S3Client({});
export const handler = async ({ Records }) => {
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    try {
      if (body === "bad") throw new Error("bad message");
      await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: body, Body: JSON.stringify(Records[0]) }));
    } catch (error) {
      console.error(error.name + ": " + error.message);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};`;

const POLL = {
  "sqs:ReceiveMessage": arnOf("Queue"),
  "sqs:DeleteMessage": arnOf("Queue"),
  "sqs:GetQueueAttributes": arnOf("Queue"),
};
const WRITE = { "s3:PutObject": { "Fn::Join": ["", [arnOf("Bucket"), "/*"]] } };

function template(grants: Readonly<Record<string, unknown>>): TestTemplate {
  return {
    Resources: {
      Mapping: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: {
          EventSourceArn: arnOf("Queue"),
          FunctionName: { Ref: "Copy" },
          FunctionResponseTypes: ["ReportBatchItemFailures"],
        },
      },
      Copy: functionOf(COPY, "Role", { Environment: { Variables: { BUCKET: { Ref: "Bucket" } } } }),
      Role: roleFor(grants),
      Queue: {
        Type: "AWS::SQS::Queue",
        Properties: {
          VisibilityTimeout: 1,
          RedrivePolicy: { deadLetterTargetArn: arnOf("DeadLetters"), maxReceiveCount: 2 },
        },
      },
      DeadLetters: { Type: "AWS::SQS::Queue" },
      Bucket: { Type: "AWS::S3::Bucket", Properties: { VersioningConfiguration: { Status: "Enabled" } } },
      Alarm: {
        Type: "AWS::CloudWatch::Alarm",
        Properties: {
          AlarmDescription: "Messages were given up",
          Namespace: "AWS/SQS",
          MetricName: "ApproximateNumberOfMessagesVisible",
          Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["DeadLetters", "QueueName"] } }],
          ComparisonOperator: "GreaterThanThreshold",
          Threshold: 0,
        },
      },
    },
    Outputs: {
      Queue: { Value: { Ref: "Queue" } },
      DeadLetters: { Value: { Ref: "DeadLetters" } },
      Bucket: { Value: { Ref: "Bucket" } },
    },
  };
}

test("a message in the queue becomes an object in the bucket, and a failed one a dead letter with an alarm", async () => {
  const { cloud, clients, alarms } = await cloudOf(template({ ...POLL, ...WRITE }));
  const { Queue = "", Bucket = "", DeadLetters = "" } = cloud.outputs;
  const { MessageId } = await clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: Queue,
      MessageBody: "good",
      MessageAttributes: { kind: { DataType: "String", StringValue: "test" } },
    }),
  );
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: Queue, MessageBody: "bad" }));
  const record = await vi.waitFor(async () => {
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key: "good" }));
    return JSON.parse((await Body?.transformToString()) ?? "");
  }, PATIENCE);
  expect(record).toMatchObject({
    messageId: MessageId,
    body: "good",
    attributes: { ApproximateReceiveCount: "1", SentTimestamp: expect.stringMatching(/^\d{13}$/) },
    messageAttributes: { kind: { stringValue: "test", dataType: "String" } },
    eventSource: "aws:sqs",
    eventSourceARN: expect.stringMatching(/^arn:aws:sqs:eu-west-1:000000000000:Test-Queue-/),
    awsRegion: "eu-west-1",
  });
  await vi.waitFor(() => expect(alarms).toHaveLength(1), PATIENCE);
  expect(alarms[0]).toMatchObject({ description: "Messages were given up", messages: 1 });
  const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: DeadLetters }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(["bad"]);
});

test("a role that lacks a grant is denied as on AWS, and the message ends among the dead letters", async () => {
  const { cloud, clients, lines } = await cloudOf(template(POLL));
  const { Queue = "", DeadLetters = "" } = cloud.outputs;
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: Queue, MessageBody: "good" }));
  await vi.waitFor(async () => {
    const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: DeadLetters }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(["good"]);
  }, PATIENCE);
  expect(lines.join("\n")).toMatch(
    /AccessDenied: User: arn:aws:iam::000000000000:role\/Test-Role-\w+ is not authorized to perform: s3:PutObject/,
  );
});

test("a function that may not poll its queue stops the start, as it would stop a deployment", async () => {
  const { "sqs:DeleteMessage": _, ...incomplete } = POLL;
  await expect(cloudOf(template({ ...incomplete, ...WRITE }))).rejects.toMatchObject({
    code: "DEPLOYMENT_FAILED",
    message: expect.stringContaining("not authorized to perform: sqs:DeleteMessage"),
  });
});

test("what was stored and what still waits is there after a restart", async () => {
  const started = await cloudOf(template({ ...POLL, ...WRITE }));
  const { clients } = started;
  const { Queue = "", Bucket = "" } = started.cloud.outputs;
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: Queue, MessageBody: "before" }));
  await vi.waitFor(() => clients.s3.send(new GetObjectCommand({ Bucket, Key: "before" })), PATIENCE);
  const { DeadLetters = "" } = started.cloud.outputs;
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: DeadLetters, MessageBody: "waiting" }));
  await started.cloud.close();

  const again = await cloudOf(template({ ...POLL, ...WRITE }), `${started.directory}/..`);
  expect(again.cloud.outputs["Bucket"]).toBe(Bucket);
  await again.clients.s3.send(new GetObjectCommand({ Bucket, Key: "before" }));
  const QueueUrl = again.cloud.outputs["DeadLetters"];
  const { Messages } = await again.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(["waiting"]);
});
