/** Rules, secrets, keys, tables and functions of a template; and starting a cloud twice. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetPublicKeyCommand } from "@aws-sdk/client-kms";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test, vi } from "vitest";
import { LOCAL_OWNER_KEY } from "../../../lib/local/aws-service.ts";
import { settingsFor } from "../../../lib/local/clients.ts";
import { findCloud } from "../../../lib/local/cloud-file.ts";
import { arnOf, cloudOf, emptyDirectory, functionOf, roleFor } from "./cloud-of.ts";

const PATIENCE = { timeout: 20_000, interval: 50 };

const RULE = {
  Type: "AWS::Events::Rule",
  Properties: {
    EventPattern: { source: ["shop"] },
    Targets: [{ Id: "Queue", Arn: arnOf("Queue") }],
  },
};

function policyFor(principal: string): object {
  const statement = {
    Effect: "Allow",
    Action: "sqs:SendMessage",
    Resource: arnOf("Queue"),
    Principal: { Service: principal },
  };
  const Condition = { ArnEquals: { "aws:SourceArn": arnOf("Rule") } };
  return {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [{ Ref: "Queue" }],
      PolicyDocument: { Version: "2012-10-17", Statement: [{ ...statement, Condition }] },
    },
  };
}

const ORDER = { Source: "shop", DetailType: "order", Detail: '{"id":7}' };

test("a rule delivers to a queue whose policy lets it", async () => {
  const { cloud, clients } = await cloudOf({
    Resources: { Rule: RULE, Queue: { Type: "AWS::SQS::Queue" }, Policy: policyFor("events.amazonaws.com") },
    Outputs: { Queue: { Value: { Ref: "Queue" } } },
  });
  const { FailedEntryCount } = await clients.events.send(new PutEventsCommand({ Entries: [ORDER] }));
  expect(FailedEntryCount).toBe(0);
  const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: cloud.outputs["Queue"] }));
  expect(JSON.parse(Messages?.[0]?.Body ?? "")).toMatchObject({ source: "shop", detail: { id: 7 } });
});

test("a rule without the queue's consent is reported at the start and fails to deliver", async () => {
  const { clients, steps } = await cloudOf({
    Resources: { Rule: RULE, Queue: { Type: "AWS::SQS::Queue" }, Policy: policyFor("sns.amazonaws.com") },
  });
  expect(steps.some((step) => step.includes("Rule (AWS::Events::Rule) will not reach"))).toBe(true);
  const { FailedEntryCount } = await clients.events.send(new PutEventsCommand({ Entries: [ORDER] }));
  expect(FailedEntryCount).toBe(1);
});

test("a rule that the template no longer has delivers no more", async () => {
  const root = await emptyDirectory();
  const Queue = { Type: "AWS::SQS::Queue" };
  const Outputs = { Queue: { Value: { Ref: "Queue" } } };
  const first = await cloudOf(
    { Resources: { Rule: RULE, Queue, Policy: policyFor("events.amazonaws.com") }, Outputs },
    root,
  );
  await first.cloud.close();
  const { cloud, clients, steps } = await cloudOf({ Resources: { Queue }, Outputs }, root);
  expect(steps.some((step) => step.includes("is not in the template any more"))).toBe(true);
  await clients.events.send(new PutEventsCommand({ Entries: [ORDER] }));
  const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: cloud.outputs["Queue"] }));
  expect(Messages).toBeUndefined();
});

test("keys, secrets and items are the same after a restart", async () => {
  const root = await emptyDirectory();
  const principal = { AWS: "arn:aws:iam::000000000000:root" };
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*", Principal: principal }],
  };
  const template = {
    Resources: {
      Key: {
        Type: "AWS::KMS::Key",
        Properties: { KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY", KeyPolicy: policy },
      },
      Alias: { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/log", TargetKeyId: { Ref: "Key" } } },
      Secret: { Type: "AWS::SecretsManager::Secret", Properties: { GenerateSecretString: { PasswordLength: 40 } } },
      Table: {
        Type: "AWS::DynamoDB::Table",
        Properties: {
          AttributeDefinitions: ["id", "who"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          GlobalSecondaryIndexes: [
            {
              IndexName: "byWho",
              KeySchema: [{ AttributeName: "who", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          ],
          TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
        },
      },
    },
    Outputs: { Secret: { Value: { Ref: "Secret" } }, Table: { Value: { Ref: "Table" } } },
  };
  const read = async ({ cloud, clients }: Awaited<ReturnType<typeof cloudOf>>): Promise<unknown> => {
    const { PublicKey } = await clients.kms.send(new GetPublicKeyCommand({ KeyId: "alias/log" }));
    const secret = await clients.secrets.send(new GetSecretValueCommand({ SecretId: cloud.outputs["Secret"] }));
    const item = { TableName: cloud.outputs["Table"], Key: { id: { S: "1" } } };
    const { Item } = await clients.dynamodb.send(new GetItemCommand(item));
    return [Buffer.from(PublicKey ?? []).toString("hex"), secret.SecretString, Item];
  };
  const first = await cloudOf(template, root);
  expect(first.steps.join("\n")).toContain("items do not expire locally");
  const item = { TableName: first.cloud.outputs["Table"], Item: { id: { S: "1" }, who: { S: "ana" } } };
  await first.clients.dynamodb.send(new PutItemCommand(item));
  const before = await read(first);
  expect(before).toEqual([expect.stringMatching(/^302a/), expect.stringMatching(/^.{40}$/), item.Item]);
  await first.cloud.close();
  expect(await read(await cloudOf(template, root))).toEqual(before);
});

test("a function is invoked by name, waiting for its answer or not, and what it prints is in its log", async () => {
  const code = `export const handler = async (event) => { console.log("got " + event.n); if (event.n < 0) throw new RangeError("negative"); return event.n + 1; };`;
  const { cloud, directory } = await cloudOf({
    Resources: { Role: roleFor({}), Next: functionOf(code, "Role") },
    Outputs: { Next: { Value: { Ref: "Next" } } },
  });
  const lambda = new LambdaClient(settingsFor(cloud.url, LOCAL_OWNER_KEY));
  onTestFinished(() => lambda.destroy());
  const FunctionName = cloud.outputs["Next"];
  const invoke = (n: number, InvocationType: "RequestResponse" | "Event") =>
    lambda.send(new InvokeCommand({ FunctionName, InvocationType, Payload: Buffer.from(JSON.stringify({ n })) }));
  const answer = await invoke(1, "RequestResponse");
  expect([answer.StatusCode, answer.FunctionError, answer.Payload?.transformToString()]).toEqual([200, undefined, "2"]);
  const failure = await invoke(-1, "RequestResponse");
  expect([failure.FunctionError, JSON.parse(failure.Payload?.transformToString() ?? "")]).toEqual([
    "Unhandled",
    expect.objectContaining({ errorType: "RangeError", errorMessage: "negative" }),
  ]);
  expect((await invoke(41, "Event")).StatusCode).toBe(202);
  const log = join(directory, "logs", `${FunctionName}.log`);
  await vi.waitFor(async () => expect(await readFile(log, "utf8")).toMatch(/got 1\n.*got -1\n.*got 41\n/s), PATIENCE);
  await expect(lambda.send(new InvokeCommand({ FunctionName: "nobody" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("a running cloud is found by its directory, which no second one may use", async () => {
  const root = await emptyDirectory();
  const template = {
    Resources: { Queue: { Type: "AWS::SQS::Queue" } },
    Outputs: { Queue: { Value: { Ref: "Queue" } } },
  };
  const { cloud, directory } = await cloudOf(template, root);
  expect(await findCloud(directory)).toMatchObject({ url: cloud.url, pid: process.pid, outputs: cloud.outputs });
  await expect(cloudOf(template, root)).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
  expect(await findCloud(directory)).toBeDefined();
  await Promise.all([cloud.close(), cloud.close()]);
  expect(await findCloud(directory)).toBeUndefined();
  expect(existsSync(join(directory, "cloud.json"))).toBe(false);
});

test("what a killed cloud left behind does not keep the next one from starting", async () => {
  const root = await emptyDirectory();
  const template = { Resources: { Queue: { Type: "AWS::SQS::Queue" } } };
  const { cloud, directory } = await cloudOf(template, root);
  await cloud.close();
  // No process has this id: it is above what Linux and macOS give out.
  await writeFile(join(directory, "cloud.lock"), "4194999");
  await writeFile(
    join(directory, "cloud.json"),
    JSON.stringify({ url: "http://127.0.0.1:9", pid: 4194999, outputs: {}, startedAt: "" }),
  );
  expect(await findCloud(directory)).toBeUndefined();
  const again = await cloudOf(template, root);
  expect(await findCloud(directory)).toMatchObject({ url: again.cloud.url });
});

test("an event that a function fails for good goes where its configuration sends it", async () => {
  const { cloud, clients } = await cloudOf({
    Resources: {
      Role: roleFor({ "sqs:SendMessage": arnOf("Failures") }),
      Fails: functionOf("export const handler = async () => { throw new Error('never'); };", "Role"),
      Failures: { Type: "AWS::SQS::Queue" },
      Configuration: {
        Type: "AWS::Lambda::EventInvokeConfig",
        Properties: {
          FunctionName: { Ref: "Fails" },
          Qualifier: "$LATEST",
          MaximumRetryAttempts: 0,
          DestinationConfig: { OnFailure: { Destination: arnOf("Failures") } },
        },
      },
    },
    Outputs: { Fails: { Value: { Ref: "Fails" } }, Failures: { Value: { Ref: "Failures" } } },
  });
  const lambda = new LambdaClient(settingsFor(cloud.url, LOCAL_OWNER_KEY));
  onTestFinished(() => lambda.destroy());
  const Payload = Buffer.from('{"n":1}');
  await lambda.send(new InvokeCommand({ FunctionName: cloud.outputs["Fails"], InvocationType: "Event", Payload }));
  const message = await vi.waitFor(async () => {
    const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: cloud.outputs["Failures"] }));
    return JSON.parse(Messages?.[0]?.Body ?? "");
  }, PATIENCE);
  expect(message).toMatchObject({ requestPayload: { n: 1 }, responsePayload: { errorMessage: "never" } });
});

test("a bucket is locked as its template says", async () => {
  const { cloud, clients } = await cloudOf({
    Resources: {
      Bucket: {
        Type: "AWS::S3::Bucket",
        Properties: {
          ObjectLockEnabled: true,
          ObjectLockConfiguration: {
            ObjectLockEnabled: "Enabled",
            Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } },
          },
          VersioningConfiguration: { Status: "Enabled" },
          LifecycleConfiguration: { Rules: [{ Status: "Enabled", Prefix: "x/", ExpirationInDays: 30 }] },
        },
      },
    },
    Outputs: { Bucket: { Value: { Ref: "Bucket" } } },
  });
  const at = { Bucket: cloud.outputs["Bucket"], Key: "evidence" };
  const { VersionId } = await clients.s3.send(new PutObjectCommand({ ...at, Body: "for good" }));
  await expect(clients.s3.send(new DeleteObjectCommand({ ...at, VersionId }))).rejects.toMatchObject({
    name: "AccessDenied",
  });
});
