/** From an object in a bucket, by EventBridge, to a queue: the bucket of a template, and one that the account had already. */
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { arnOf, cloudOf, emptyDirectory, type StartedCloud, type TestTemplate } from "./cloud-of.ts";

const TO_EVENT_BRIDGE = { EventBridgeConfiguration: { EventBridgeEnabled: true } };

function template(bucket: object, policy: Readonly<Record<string, object>> = { Policy: queuePolicy() }): TestTemplate {
  return {
    Resources: {
      Bucket: { Type: "AWS::S3::Bucket", Properties: bucket },
      Queue: { Type: "AWS::SQS::Queue" },
      ...policy,
      Rule: {
        Type: "AWS::Events::Rule",
        Properties: {
          EventPattern: {
            source: ["aws.s3"],
            "detail-type": ["Object Created"],
            detail: { object: { key: [{ wildcard: "AWSLogs/*.json.gz" }] } },
          },
          Targets: [{ Id: "queue", Arn: arnOf("Queue") }],
        },
      },
    },
    Outputs: { Bucket: { Value: { Ref: "Bucket" } }, Queue: { Value: { Ref: "Queue" } } },
  };
}

function queuePolicy(): object {
  const statement = {
    Effect: "Allow",
    Action: "sqs:SendMessage",
    Resource: arnOf("Queue"),
    Principal: { Service: "events.amazonaws.com" },
    Condition: { ArnEquals: { "aws:SourceArn": arnOf("Rule") } },
  };
  return {
    Type: "AWS::SQS::QueuePolicy",
    Properties: { Queues: [{ Ref: "Queue" }], PolicyDocument: { Version: "2012-10-17", Statement: [statement] } },
  };
}

const put = ({ clients }: StartedCloud, Bucket: string | undefined, Key: string): Promise<unknown> =>
  clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));

/** What is in the queue by now: a put is answered once its event is there. */
async function queued({ clients, cloud }: StartedCloud): Promise<unknown[]> {
  const QueueUrl = cloud.outputs["Queue"];
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body }) => JSON.parse(Body ?? ""));
}

test("an object put into a bucket of the template is a message in the queue, where the rule wants it", async () => {
  const started = await cloudOf(template({ NotificationConfiguration: TO_EVENT_BRIDGE }));
  const { Bucket } = started.cloud.outputs;
  await put(started, Bucket, "AWSLogs/1/a.json.gz");
  await put(started, Bucket, "AWSLogs/1/CloudTrail-Digest/a.txt");
  expect(await queued(started)).toEqual([
    {
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "Object Created",
      source: "aws.s3",
      account: "000000000000",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: "eu-west-1",
      resources: [`arn:aws:s3:::${Bucket}`],
      detail: expect.objectContaining({
        bucket: { name: Bucket },
        object: expect.objectContaining({ key: "AWSLogs/1/a.json.gz", size: 1 }),
        reason: "PutObject",
      }),
    },
  ]);
});

test("a bucket notifies nobody that was not asked to, and no more once its template has stopped asking", async () => {
  const root = await emptyDirectory();
  const first = await cloudOf(template({ NotificationConfiguration: TO_EVENT_BRIDGE }), root);
  await put(first, first.cloud.outputs["Bucket"], "AWSLogs/1.json.gz");
  await first.cloud.close();
  for (const [index, properties] of [
    {},
    { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: "false" } } },
  ].entries()) {
    const again = await cloudOf(template(properties), root);
    await put(again, again.cloud.outputs["Bucket"], `AWSLogs/again-${index}.json.gz`);
    expect(await queued(again)).toMatchObject([{ detail: { object: { key: "AWSLogs/1.json.gz" } } }]);
    await again.cloud.close();
  }
});

test("a bucket that the template does not have is made and told to notify over the SDK", async () => {
  const started = await cloudOf(template({}));
  const { clients } = started;
  await clients.s3.send(new CreateBucketCommand({ Bucket: "organisation-trail" }));
  await clients.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: "organisation-trail",
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  await put(started, "organisation-trail", "AWSLogs/o/1.json.gz");
  expect(await queued(started)).toMatchObject([{ resources: ["arn:aws:s3:::organisation-trail"] }]);
});

test("a queue that does not let EventBridge in keeps no object out of the bucket", async () => {
  const started = await cloudOf(template({ NotificationConfiguration: TO_EVENT_BRIDGE }, {}));
  const { Bucket } = started.cloud.outputs;
  await put(started, Bucket, "AWSLogs/1.json.gz");
  await started.clients.s3.send(new GetObjectCommand({ Bucket, Key: "AWSLogs/1.json.gz" }));
  expect(await queued(started)).toEqual([]);
  expect(started.faults).toHaveLength(1);
  expect(started.faults[0]).toMatchObject({
    message: expect.stringContaining(`PutObject of ${Bucket}/AWSLogs/1.json.gz was not delivered`),
    cause: { message: expect.stringContaining("events.amazonaws.com is not authorized to perform: sqs:SendMessage") },
  });
});
