/** The contract of the findings queue, in memory and on SQS. */
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryFindingsQueue } from "../../lib/adapters/memory-log-stores.ts";
import { sqsFindingsQueue } from "../../lib/adapters/sqs-findings-queue.ts";
import type { Finding } from "../../lib/core/record/finding.ts";

let server: Awaited<ReturnType<typeof startFauxqs>>;
let client: SQSClient;
let queueUrl: string;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
  client = new SQSClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName: "findings" }));
  queueUrl = QueueUrl;
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

function finding(number: number, why = "Nobody approved it."): Finding {
  return {
    uid: `finding-${number}`,
    rule: { id: "unapproved", title: "Unapproved deployment" },
    level: "high",
    time: Date.UTC(2026, 10, 22),
    principal: "ana",
    action: "deploy.start",
    operation: "CreateDeployment",
    event: `event-${number}`,
    granted: { by: "console", mfa: false },
    why,
    next: ["Ask ana."],
  };
}

async function receiveAll(): Promise<Finding[]> {
  const received: Finding[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return received;
    received.push(...Messages.map(({ Body = "" }) => JSON.parse(Body)));
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

const memory: Finding[] = [];

describe.each([
  ["memory", () => memoryFindingsQueue(memory), async () => memory.splice(0)],
  ["SQS", () => sqsFindingsQueue({ client, queueUrl }), receiveAll],
])("%s findings queue", (_, createQueue, receive) => {
  const byUid = (a: Finding, b: Finding) => (a.uid < b.uid ? -1 : 1);

  test.each([0, 1, 10, 11, 35])("delivers %i findings whole", async (count) => {
    const sent = Array.from({ length: count }, (_finding, i) => finding(i));
    await createQueue().send(sent);
    expect((await receive()).sort(byUid)).toEqual(sent.sort(byUid));
  });

  test("delivers findings that together exceed what one call holds", async () => {
    const sent = Array.from({ length: 9 }, (_finding, i) => finding(i, "x".repeat(250_000)));
    await createQueue().send(sent);
    expect((await receive()).map(({ uid }) => uid).sort()).toEqual(sent.map(({ uid }) => uid));
  });

  test("delivers characters that a message may not hold", async () => {
    const sent = [finding(0, "control \u0000\u0008, noncharacters \ufffe\uffff, half a pair \ud800, é, 🔑")];
    await createQueue().send(sent);
    expect(await receive()).toEqual(sent);
  });
});

test("a queue that refuses is not taken for one that delivered", async () => {
  const findings = sqsFindingsQueue({ client, queueUrl: `${queueUrl}-gone` });
  await expect(findings.send([finding(0)])).rejects.toThrow();
});
