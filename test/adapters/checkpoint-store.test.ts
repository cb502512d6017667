/** The contract of the checkpoint store, in memory and on S3 with Object Lock. */
import { randomUUID } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryCheckpointStore } from "../../lib/adapters/memory-log-stores.ts";
import { s3CheckpointStore } from "../../lib/adapters/s3-checkpoint-store.ts";
import type { CheckpointStore } from "../../lib/core/evidence/checkpoint-store.ts";
import { startS3 } from "../local/s3/s3-server.ts";

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());

async function createBucket(): Promise<string> {
  const Bucket = `evidence-${randomUUID()}`;
  await s3.client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const Rule = { DefaultRetention: { Mode: "COMPLIANCE", Days: 30 } } as const;
  await s3.client.send(
    new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule },
    }),
  );
  return Bucket;
}

const moved = expect.objectContaining({ code: "HEAD_MOVED" });
const textOf = async (store: CheckpointStore) => Buffer.from((await store.read())?.bytes ?? []).toString();

describe.each<[string, () => Promise<CheckpointStore>]>([
  ["memory", async () => memoryCheckpointStore()],
  ["S3", async () => s3CheckpointStore({ client: s3.client, bucket: await createBucket() })],
])("%s checkpoint store", (_, createStore) => {
  test("has none at first, then the one that was put", async () => {
    const store = await createStore();
    expect(await store.read()).toBeUndefined();
    await store.replace(undefined, Buffer.from("one"));
    expect(await textOf(store)).toBe("one");
  });

  test("is replaced under the etag that was read, and under no other", async () => {
    const store = await createStore();
    await store.replace(undefined, Buffer.from("one"));
    const first = await store.read();
    await store.replace(first?.etag, Buffer.from("two"));
    await expect(store.replace(first?.etag, Buffer.from("three"))).rejects.toEqual(moved);
    await expect(store.replace(undefined, Buffer.from("three"))).rejects.toEqual(moved);
    expect(await textOf(store)).toBe("two");
  });

  test("is not there to be replaced before it was put", async () => {
    const store = await createStore();
    await expect(store.replace('"0123"', Buffer.from("one"))).rejects.toEqual(moved);
    expect(await store.read()).toBeUndefined();
  });

  test.each(["the first", "a later one"])("takes one of many publishers' at once as %s", async (which) => {
    const store = await createStore();
    if (which === "a later one") await store.replace(undefined, Buffer.from("before"));
    const etag = (await store.read())?.etag;
    const texts = ["a", "b", "c", "d"];
    const outcomes = await Promise.allSettled(texts.map((text) => store.replace(etag, Buffer.from(text))));
    const won = outcomes.flatMap(({ status }, i) => (status === "fulfilled" ? [texts[i]] : []));
    expect(won).toEqual([await textOf(store)]);
  });
});

test("every checkpoint that was public stays on S3, locked, and is served to be asked for again", async () => {
  const Bucket = await createBucket();
  const store = s3CheckpointStore({ client: s3.client, bucket: Bucket });
  for (const text of ["one", "two", "three"]) await store.replace((await store.read())?.etag, Buffer.from(text));
  const { Versions = [] } = await s3.client.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions).toHaveLength(3);
  for (const { Key, VersionId } of Versions) {
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key, VersionId }));
    const served = { ContentType: "text/plain; charset=utf-8", CacheControl: "no-cache" };
    expect(head).toMatchObject({ ...served, ObjectLockMode: "COMPLIANCE" });
    const deletion = s3.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    await expect(deletion).rejects.toMatchObject({ name: "AccessDenied" });
  }
});

test("a bucket that is not there is not taken for a lost race", async () => {
  const store = s3CheckpointStore({ client: s3.client, bucket: "no-such-bucket" });
  await expect(store.read()).rejects.toMatchObject({ name: "NoSuchBucket" });
  await expect(store.replace(undefined, Buffer.from("one"))).rejects.toMatchObject({ name: "NoSuchBucket" });
});
