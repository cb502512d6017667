/** Bodies too large for the queue: recorded whole, by way of the store, and put aside as what the queue had of them. */
import { createHmac, hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as z from "zod";
import { s3MessageStore } from "../../lib/adapters/s3-message-store.ts";
import { sqsIntakeQueue } from "../../lib/adapters/sqs-intake-queue.ts";
import { lengthOf, readRecords, waitForEvents, waitUntilIdle } from "./recorded.ts";
import { outputOf, PATIENCE, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";

const PUSH = join(import.meta.dirname, "..", "events", "github", "push.json");
const COMMITS = 2_000;
const BODY_BYTES = 3 * 1024 * 1024;
const TOKEN = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
const Push = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.looseObject({ commits: z.array(z.looseObject({ message: z.string() })) }),
});

let running: RunningCloud;
beforeAll(async () => {
  running = await runInEmptyFolder();
});
afterAll(() => running.close());

/** The recorded push with two thousand commits, one of which gives a token away, as GitHub would send it. */
async function largePush() {
  const { headers, body } = Push.parse(JSON.parse(readFileSync(PUSH, "utf8")));
  const text = "Explain at length. ".repeat(80);
  const commits = Array.from({ length: COMMITS }, (_commit, i) => ({
    ...body.commits[0],
    id: hash("sha1", String(i), "hex"),
    message: `Commit ${i}. ${i === 7 ? TOKEN : ""} ${text}`,
  }));
  const content = JSON.stringify({ ...body, commits });
  const SecretId = outputOf(running, "githubWebhookSecretArn");
  const { SecretString = "" } = await running.clients.secrets.send(new GetSecretValueCommand({ SecretId }));
  const signature = `sha256=${createHmac("sha256", SecretString).update(content).digest("hex")}`;
  return { content, headers: { ...headers, "x-hub-signature-256": signature } };
}

async function storedKeys(): Promise<string[]> {
  const Bucket = outputOf(running, "MessageBucket");
  const { Contents = [] } = await running.clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "messages/" }));
  return Contents.map(({ Key = "" }) => Key);
}

test("a signed push of three megabytes is recorded with all its commits, once, and without its secret", async () => {
  const { content, headers } = await largePush();
  expect(content.length).toBeGreaterThan(BODY_BYTES);
  for (const _ of ["at first", "again"]) {
    const url = `${outputOf(running, "ApiUrl")}v1/webhooks/github`;
    const answer = await fetch(url, { method: "POST", headers, body: content });
    expect([answer.status, await answer.json()]).toEqual([202, { id: expect.stringMatching(/./) }]);
  }
  await waitForEvents(running, 1);
  await waitUntilIdle(running);
  const [record] = await readRecords(running);
  expect(record).toMatchObject({
    action: "source.push",
    event: { raw_data_hash: { value: hash("sha256", content, "hex") } },
  });
  const Key = `payload/${record?.payload?.sha256}`;
  const Bucket = outputOf(running, "EvidenceBucket");
  const { Body } = await running.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  const evidence = (await Body?.transformToString()) ?? "";
  const { commits } = Push.shape.body.parse(JSON.parse(evidence));
  expect(commits.map(({ message }) => message.split(".")[0])).toEqual(commits.map((_, i) => `Commit ${i}`));
  expect(commits).toHaveLength(COMMITS);
  expect(evidence).not.toContain(TOKEN);
});

test("a sender of the command line's kind gets a large one in too", async () => {
  const { s3, sqs } = running.clients;
  const messages = s3MessageStore({ client: s3, bucket: outputOf(running, "MessageBucket") });
  const intake = sqsIntakeQueue({ client: sqs, queueUrl: outputOf(running, "IntakeQueueUrl"), messages });
  const own = { v: 1, kind: "gatebook", uid: "large", time: 1, type: "drill.run", principal: "gatebook:drill" };
  await intake.send([JSON.stringify({ ...own, message: "x".repeat(2_000_000) })]);
  expect((await waitForEvents(running, 2)).map(({ principal }) => principal)).toContain("gatebook:drill");
});

test("a pointer to nothing, and one to another object, are put aside as they came, each with its reason", async () => {
  await waitUntilIdle(running);
  const [QueueUrl, Rejected] = [outputOf(running, "IntakeQueueUrl"), outputOf(running, "RejectedQueueUrl")];
  const forged = { key: `messages/${"b".repeat(64)}`, bytes: 5, sha256: "b".repeat(64) };
  const Bucket = outputOf(running, "MessageBucket");
  await running.clients.s3.send(new PutObjectCommand({ Bucket, Key: forged.key, Body: "hello" }));
  const gone = { key: `messages/${"a".repeat(64)}`, bytes: 5, sha256: "a".repeat(64) };
  const bodies = [gone, forged].map((pointer) => JSON.stringify({ v: 1, kind: "stored", ...pointer }));
  for (const MessageBody of bodies) await running.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await vi.waitFor(async () => expect(await lengthOf(running, Rejected)).toBe(2), PATIENCE);
  const reasons = new Map<string | undefined, string | undefined>();
  for (const _ of bodies) {
    const { Messages = [] } = await running.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: Rejected, MaxNumberOfMessages: 1, MessageAttributeNames: ["All"] }),
    );
    for (const { Body, MessageAttributes } of Messages) reasons.set(Body, MessageAttributes?.["reason"]?.StringValue);
  }
  expect(reasons).toEqual(
    new Map([
      [bodies[0], expect.stringContaining("is not there")],
      [bodies[1], expect.stringContaining("is not what was stored")],
    ]),
  );
});

test("what was stored is named by its content: a redelivery left no second copy", async () => {
  // The push's message has its time of arrival in it, so its two deliveries are two; the drill's is one, and so is the forged one.
  const keys = await storedKeys();
  expect(keys.every((key) => /^messages\/[0-9a-f]{64}$/.test(key))).toBe(true);
  expect(keys).toHaveLength(4);
});
