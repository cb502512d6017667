/** The intake queue on SQS: what is too large for it arrives as a pointer to what was stored. */
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryMessageStore } from "../../lib/adapters/memory-message-store.ts";
import { sqsIntakeQueue } from "../../lib/adapters/sqs-intake-queue.ts";
import { fetchBody, isPointer, MAX_INLINE_BYTES, MAX_STORED_BYTES } from "../../lib/core/receive/stored-message.ts";

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
  queueUrl = (await client.send(new CreateQueueCommand({ QueueName: "intake" }))).QueueUrl ?? "";
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

async function receiveAll(): Promise<Map<string, string>> {
  const received = new Map<string, string>();
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return received;
    for (const { MessageId = "", Body = "" } of Messages) received.set(MessageId, Body);
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

test("small and large messages arrive whole, under the ids that their sender was told, in order", async () => {
  const messages = memoryMessageStore();
  const sizes = [10, MAX_INLINE_BYTES, MAX_INLINE_BYTES + 1, 3_000_000, 20, MAX_STORED_BYTES];
  const bodies = sizes.map((size, i) => `${i}`.repeat(size));
  const ids = await sqsIntakeQueue({ client, queueUrl, messages }).send(bodies);
  const received = await receiveAll();
  expect(ids.map((id) => isPointer(received.get(id) ?? ""))).toEqual([false, false, true, true, false, true]);
  const fetched = await Promise.all(ids.map((id) => fetchBody(received.get(id) ?? "", messages)));
  expect(fetched.map((body, i) => body === bodies[i])).toEqual(sizes.map(() => true));
});

test("nothing is sent when one is too large for the store, or the store is away", async () => {
  const away = { ...memoryMessageStore(), put: () => Promise.reject(new Error("away")) };
  const large = "x".repeat(MAX_STORED_BYTES + 1);
  const toMemory = sqsIntakeQueue({ client, queueUrl, messages: memoryMessageStore() });
  await expect(toMemory.send(["small", large])).rejects.toMatchObject({ code: "INPUT_INVALID" });
  const toNowhere = sqsIntakeQueue({ client, queueUrl, messages: away });
  await expect(toNowhere.send(["small", "x".repeat(MAX_INLINE_BYTES + 1)])).rejects.toThrow("away");
  expect((await receiveAll()).size).toBe(0);
});
