/** The contract of the message store, in memory and on S3. */
import { hash } from "node:crypto";
import { CreateBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryMessageStore } from "../../lib/adapters/memory-message-store.ts";
import { s3MessageStore } from "../../lib/adapters/s3-message-store.ts";
import { startS3 } from "../local/s3/s3-server.ts";

const BUCKET = "staging";

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
  await s3.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(() => s3.close());

const BYTES = Buffer.from(Array.from({ length: 2000 }, (_byte, i) => i % 256));
const KEY = `messages/${hash("sha256", BYTES, "hex")}`;

describe.each([
  ["memory", () => memoryMessageStore()],
  ["S3", () => s3MessageStore({ client: s3.client, bucket: BUCKET })],
])("%s message store", (_, createStore) => {
  test("reads what was put, byte for byte, and takes it again", async () => {
    const store = createStore();
    await store.put(KEY, BYTES);
    await store.put(KEY, BYTES);
    expect(Buffer.from((await store.get(KEY, BYTES.length)) ?? [])).toEqual(BYTES);
  });

  test("has nothing under another key", async () => {
    expect(await createStore().get("messages/nothing", 10)).toBeUndefined();
  });

  test("does not read more than was asked for", async () => {
    const store = createStore();
    await store.put(KEY, BYTES);
    await expect(store.get(KEY, BYTES.length - 1)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: `${KEY} has 2000 bytes, 1999 were expected`,
    });
    expect(await store.get(KEY, BYTES.length)).toHaveLength(2000);
  });
});

test("a message put again on S3 is the same object", async () => {
  const store = s3MessageStore({ client: s3.client, bucket: BUCKET });
  for (let i = 0; i < 3; i++) await store.put("messages/again", BYTES);
  const { Contents } = await s3.client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "messages/again" }));
  expect(Contents).toHaveLength(1);
});

test("a store that is away is not taken for one without the message", async () => {
  const store = s3MessageStore({ client: s3.client, bucket: "no-such-bucket" });
  await expect(store.get(KEY, 10)).rejects.toMatchObject({ name: "NoSuchBucket" });
  await expect(store.put(KEY, BYTES)).rejects.toMatchObject({ name: "NoSuchBucket" });
});
