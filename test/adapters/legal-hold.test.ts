/** The contract of legal holds, in memory and on S3; and what a hold keeps there. */
import { randomUUID } from "node:crypto";
import * as aws from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryObjectHolds } from "../../lib/adapters/memory-object-holds.ts";
import { s3LegalHold, s3NewestVersion } from "../../lib/adapters/s3-legal-hold.ts";
import type { ObjectHolds } from "../../lib/core/holds/object-holds.ts";
import { DAY_MS, failure, START_TIME, startS3 } from "../local/s3/s3-server.ts";

const PATH = "tile/0/000";

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());

async function bucketOf(paths: readonly string[]): Promise<string> {
  const Bucket = `evidence-${randomUUID()}`;
  await s3.client.send(new aws.CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  for (const Key of paths) await s3.client.send(new aws.PutObjectCommand({ Bucket, Key, Body: Key }));
  return Bucket;
}

async function onS3(paths: readonly string[]): Promise<ObjectHolds> {
  return s3LegalHold({ client: s3.client, bucket: await bucketOf(paths) });
}

async function inMemory(paths: readonly string[]): Promise<ObjectHolds> {
  const versions = new Map<string, string[]>();
  for (const path of paths) versions.set(path, [...(versions.get(path) ?? []), randomUUID()]);
  return memoryObjectHolds(versions);
}

describe.each([
  ["memory", inMemory],
  ["S3", onS3],
])("legal holds on %s", (_, open) => {
  test("know every version of a path, and of no other that begins like it", async () => {
    const objects = await open([PATH, PATH, `${PATH}.p/7`, "tile/0/0001"]);
    const versions = await objects.versions(PATH);
    expect(new Set(versions).size).toBe(2);
    expect(await objects.versions("tile/0/00")).toEqual([]);
  });

  test("are on one version and not on the others, until they are released, however often either is said", async () => {
    const objects = await open([PATH, PATH]);
    const [one = "", other = ""] = await objects.versions(PATH);
    const isHeld = () => Promise.all([one, other].map((version) => objects.isHeld({ path: PATH, version })));
    expect(await isHeld()).toEqual([false, false]);
    for (const _again of [1, 2]) await objects.set({ path: PATH, version: one }, "held");
    expect(await isHeld()).toEqual([true, false]);
    for (const _again of [1, 2]) await objects.set({ path: PATH, version: one }, "released");
    expect(await isHeld()).toEqual([false, false]);
  });

  test("reject a version that is not there", async () => {
    const objects = await open([PATH]);
    await expect(objects.set({ path: PATH, version: randomUUID() }, "held")).rejects.toThrow();
  });
});

test("on S3, a hold outlives the retention, and a hidden version can be held", async () => {
  const Bucket = await bucketOf([]);
  const until = new Date(START_TIME + DAY_MS);
  const { VersionId = "" } = await s3.client.send(
    new aws.PutObjectCommand({
      Bucket,
      Key: PATH,
      Body: "x",
      ObjectLockMode: "COMPLIANCE",
      ObjectLockRetainUntilDate: until,
    }),
  );
  await s3.client.send(new aws.DeleteObjectCommand({ Bucket, Key: PATH }));
  const objects = s3LegalHold({ client: s3.client, bucket: Bucket });
  expect(await objects.versions(PATH)).toEqual([VersionId]);
  await objects.set({ path: PATH, version: VersionId }, "held");
  s3.time = START_TIME + 30 * DAY_MS;
  const remove = () => s3.client.send(new aws.DeleteObjectCommand({ Bucket, Key: PATH, VersionId }));
  expect(await failure(remove())).toMatchObject({ name: "AccessDenied" });
  await objects.set({ path: PATH, version: VersionId }, "released");
  await remove();
  expect(await objects.versions(PATH)).toEqual([]);
  s3.time = START_TIME;
});

test("the newest version is read with its name, and what is not there is undefined", async () => {
  const bucket = await bucketOf([PATH, PATH]);
  const newest = await s3NewestVersion({ client: s3.client, bucket }, PATH);
  const [first] = await s3LegalHold({ client: s3.client, bucket }).versions(PATH);
  expect(newest).toEqual({ bytes: expect.anything(), version: first });
  expect(Buffer.from(newest?.bytes ?? []).toString()).toBe(PATH);
  expect(await s3NewestVersion({ client: s3.client, bucket }, "checkpoint")).toBeUndefined();
});
