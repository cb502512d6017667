/** Messages that nobody can read, among good ones: they end where an alarm sees them, and hold up nothing. */
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { lengthOf, readHead, waitForEvents, waitUntilIdle } from "./recorded.ts";
import { outputOf, PATIENCE, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";
import { idOf, readStory } from "./story.ts";

const LARGE_BYTES = 900 * 1024;
const TOKEN = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;

/** Each body with what its reason has to say. */
const POISON: readonly (readonly [body: string, reason: RegExp])[] = [
  [`{"token":"${TOKEN}"`, /^the message is not JSON/],
  ["{}", /^the message is neither an EventBridge event/],
  ["null", /^the message is JSON, and no object/],
  ["[".repeat(LARGE_BYTES / 2) + "]".repeat(LARGE_BYTES / 2), /^the message is nested more than 100 levels deep/],
  [`{"v":1,"kind":"webhook","source":"${"x".repeat(LARGE_BYTES)}"}`, /^the message cannot be read|webhook/],
  ['{"__proto__":{"detail-type":"x","source":"y"}}', /^the message is neither/],
];

let running: RunningCloud;
beforeAll(async () => {
  running = await runInEmptyFolder();
});
afterAll(() => running.close());

test("good events are recorded, whatever is sent among them", async () => {
  const QueueUrl = outputOf(running, "IntakeQueueUrl");
  const good = readStory()
    .slice(0, POISON.length)
    .map((event) => JSON.stringify(event));
  for (const [i, [poison]] of POISON.entries()) {
    await running.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: poison }));
    await running.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: good[i] }));
  }
  const indexed = await waitForEvents(running, good.length);
  await waitUntilIdle(running);
  expect(indexed.map(({ event }) => event).sort()).toEqual(readStory().slice(0, good.length).map(idOf).sort());
  expect(await readHead(running)).toMatchObject({ size: good.length });
});

test("the alarm of the dead-letter queue goes off and names the runbook", async () => {
  await vi.waitFor(() => expect(running.alarms).not.toEqual([]), PATIENCE);
  expect(running.alarms).toHaveLength(1);
  expect(running.alarms[0]?.description).toMatch(/docs\/operations\.md#events-that-could-not-be-recorded/);
});

test("the others wait in the dead-letter queue as they came, each with its reason", async () => {
  const QueueUrl = outputOf(running, "RejectedQueueUrl");
  expect(await lengthOf(running, QueueUrl)).toBe(POISON.length);
  const reasons = new Map<string, string>();
  for (const _ of POISON) {
    const { Messages = [] } = await running.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, MessageAttributeNames: ["All"] }),
    );
    for (const { Body = "", MessageAttributes } of Messages) {
      reasons.set(Body, MessageAttributes?.["reason"]?.StringValue ?? "");
      expect(MessageAttributes?.["message"]?.StringValue).toMatch(/^[0-9a-f-]{36}$/);
    }
  }
  expect(reasons.size).toBe(POISON.length);
  for (const [body, reason] of POISON) expect(reasons.get(body)).toMatch(reason);
});

test("what the functions print quotes no rejected message", () => {
  const printed = running.lines.join("\n");
  expect(printed).toContain("rejected a message");
  expect(printed).not.toContain(TOKEN);
});

test("a batch of nothing but poison empties the queue and moves no head", async () => {
  const before = await readHead(running);
  const Entries = POISON.filter(([body]) => body.length < LARGE_BYTES).map(([body], i) => ({
    Id: String(i),
    MessageBody: body,
  }));
  const QueueUrl = outputOf(running, "IntakeQueueUrl");
  const { Successful = [] } = await running.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(Successful).toHaveLength(Entries.length);
  await waitUntilIdle(running);
  expect(await readHead(running)).toEqual(before);
});
