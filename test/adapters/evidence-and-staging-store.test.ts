/** The contracts of the evidence store and the staging store, in memory and on S3 with Object Lock. */
import { randomUUID } from "node:crypto";
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryEvidenceStore, memoryStagingStore } from "../../lib/adapters/memory-log-stores.ts";
import { s3EvidenceStore } from "../../lib/adapters/s3-evidence-store.ts";
import { s3StagingStore } from "../../lib/adapters/s3-staging-store.ts";
import { startS3 } from "../local/s3/s3-server.ts";

const EVIDENCE = "evidence";
const STAGING = "staging";
const BINARY = "application/octet-stream";

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
  await s3.client.send(new CreateBucketCommand({ Bucket: EVIDENCE, ObjectLockEnabledForBucket: true }));
  await s3.client.send(
    new PutObjectLockConfigurationCommand({
      Bucket: EVIDENCE,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 30 } },
      },
    }),
  );
  await s3.client.send(new CreateBucketCommand({ Bucket: STAGING }));
});
afterAll(() => s3.close());

const startStore = (bucket = EVIDENCE) =>
  s3EvidenceStore({ client: s3.client, bucket, mode: "COMPLIANCE", now: () => s3.time });

const versionsOf = async (path: string): Promise<number> => {
  const { Versions } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: EVIDENCE, Prefix: path }));
  return Versions?.length ?? 0;
};

describe.each([
  ["memory", () => memoryEvidenceStore()],
  ["S3", () => startStore()],
])("%s evidence store", (_, createStore) => {
  const path = () => `tile/entries/${randomUUID()}.p/7`;

  test("takes equal bytes again", async () => {
    const [store, where] = [createStore(), path()];
    await store.create(where, Buffer.from("bytes"), BINARY);
    await expect(store.create(where, Buffer.from("bytes"), BINARY)).resolves.toBeUndefined();
  });

  test.each(["other", "byte", "bytes and more", ""])(
    "calls it corruption when %j comes after 'bytes'",
    async (other) => {
      const [store, where] = [createStore(), path()];
      await store.create(where, Buffer.from("bytes"), BINARY);
      await expect(store.create(where, Buffer.from(other), BINARY)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
      await expect(store.create(where, Buffer.from("bytes"), BINARY)).resolves.toBeUndefined();
    },
  );

  test("takes the same object from many writers at once", async () => {
    const [store, where] = [createStore(), path()];
    await Promise.all(Array.from({ length: 12 }, () => store.create(where, Buffer.from("bytes"), BINARY)));
    await expect(store.create(where, Buffer.from("other"), BINARY)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
  });

  test("lets one of two histories win", async () => {
    const [store, where] = [createStore(), path()];
    const outcomes = await Promise.allSettled(
      ["one", "two", "three", "four"].map((bytes) => store.create(where, Buffer.from(bytes), BINARY)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

test("an object on S3 is one version, locked by the bucket's default, served as unchanging", async () => {
  const store = startStore();
  await store.create("tile/0/000", Buffer.alloc(8192, 7), BINARY);
  await store.create("tile/0/000", Buffer.alloc(8192, 7), BINARY);
  expect(await versionsOf("tile/0/000")).toBe(1);
  expect(await s3.client.send(new HeadObjectCommand({ Bucket: EVIDENCE, Key: "tile/0/000" }))).toMatchObject({
    ContentType: BINARY,
    CacheControl: "max-age=604800, immutable",
    ObjectLockMode: "COMPLIANCE",
  });
});

test("a bucket that is not there is not taken for corruption", async () => {
  const store = startStore("no-such-bucket");
  await expect(store.create("tile/0/000", Buffer.alloc(1), BINARY)).rejects.toMatchObject({ name: "NoSuchBucket" });
});

describe.each([
  ["memory", () => memoryStagingStore()],
  ["S3", () => s3StagingStore({ client: s3.client, bucket: STAGING })],
])("%s staging store", (_, createStore) => {
  test("reads what was put, and takes it again", async () => {
    const staging = createStore();
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_byte, i) => i % 256));
    await staging.put("staged/abc", bytes);
    await staging.put("staged/abc", bytes);
    expect(Buffer.from((await staging.get("staged/abc")) ?? [])).toEqual(bytes);
  });

  test("has nothing under another key", async () => {
    expect(await createStore().get("staged/nothing")).toBeUndefined();
  });
});
