/** Lifecycle rules over AWS's SDK: they are applied when they are due, to what they match, and never against a lock. */
import { randomUUID } from "node:crypto";
import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DAY_MS, failure, type S3Server, START_TIME, startS3 } from "./s3-server.ts";

let server: S3Server;
let Bucket: string;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.close());
beforeEach(async () => {
  for (const { Name = "" } of (await server.client.send(new s3.ListBucketsCommand({}))).Buckets ?? []) {
    await server.client.send(new s3.DeleteBucketLifecycleCommand({ Bucket: Name }));
  }
  server.time = START_TIME;
  Bucket = `lifecycle-${randomUUID()}`;
  await server.client.send(new s3.CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
});

const put = (Key: string, input: Partial<s3.PutObjectCommandInput> = {}) =>
  server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body: "x", ...input }));
const setRules = (...rules: Partial<s3.LifecycleRule>[]) =>
  server.client.send(
    new s3.PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: { Rules: rules.map((rule) => ({ Status: "Enabled", Filter: { Prefix: "" }, ...rule })) },
    }),
  );
async function keys(): Promise<(string | undefined)[]> {
  const { Contents = [] } = await server.client.send(new s3.ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key);
}
async function versionCount(): Promise<number> {
  const { Versions = [], DeleteMarkers = [] } = await server.client.send(new s3.ListObjectVersionsCommand({ Bucket }));
  return Versions.length + DeleteMarkers.length;
}
const sweepAfter = (days: number) => {
  server.time = START_TIME + days * DAY_MS;
  return server.service.sweep();
};

describe("an expiration", () => {
  test("hides what it matches behind a delete marker, from the midnight after its days", async () => {
    await put("tile/0/000.p/7");
    await put("tile/0/000");
    await put("checkpoint");
    await setRules({ Expiration: { Days: 2 }, Filter: { Prefix: "tile/" } });
    expect(await sweepAfter(2.4)).toEqual({ expired: 0, removed: 0, transitioned: 0 });
    expect(await sweepAfter(2.5)).toEqual({ expired: 2, removed: 0, transitioned: 0 });
    expect(await keys()).toEqual(["checkpoint"]);
    expect(await versionCount()).toBe(5);
  });

  test("matches by tag and size together", async () => {
    await put("partial", { Tagging: "kind=partial", Body: "12345" });
    await put("small", { Tagging: "kind=partial" });
    await put("full", { Tagging: "kind=full", Body: "12345" });
    const And = { Prefix: "", Tags: [{ Key: "kind", Value: "partial" }], ObjectSizeGreaterThan: 2 };
    await setRules({ Expiration: { Days: 1 }, Filter: { And } });
    await sweepAfter(3);
    expect(await keys()).toEqual(["full", "small"]);
  });

  test("that is disabled does nothing", async () => {
    await put("k");
    await setRules({ Status: "Disabled", Expiration: { Days: 1 } });
    await sweepAfter(30);
    expect(await keys()).toEqual(["k"]);
  });

  test("takes the object away in a bucket without versions", async () => {
    Bucket = `plain-${randomUUID()}`;
    await server.client.send(new s3.CreateBucketCommand({ Bucket }));
    await put("k");
    await setRules({ Expiration: { Days: 1 } });
    expect(await sweepAfter(3)).toEqual({ expired: 0, removed: 1, transitioned: 0 });
    expect(await versionCount()).toBe(0);
  });
});

describe("the expiration of noncurrent versions", () => {
  test("spares what is locked until its date, whatever time the sweep is told", async () => {
    await put("k", { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: new Date(START_TIME + 10 * DAY_MS) });
    await put("k", { ObjectLockLegalHoldStatus: "ON" });
    await put("k", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: new Date(START_TIME + 10 * DAY_MS) });
    await put("k");
    await setRules({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
    expect(await sweepAfter(5)).toEqual({ expired: 0, removed: 0, transitioned: 0 });
    expect(await server.service.sweep(START_TIME + 100 * DAY_MS)).toEqual({ expired: 0, removed: 0, transitioned: 0 });
    expect(await sweepAfter(11)).toEqual({ expired: 0, removed: 2, transitioned: 0 });
    expect(await versionCount()).toBe(2);
    expect(await keys()).toEqual(["k"]);
  });

  test("counts from when a version was superseded and keeps as many as it is told", async () => {
    for (let day = 0; day < 4; day++) {
      server.time = START_TIME + day * DAY_MS;
      await put("k");
    }
    await setRules({ NoncurrentVersionExpiration: { NoncurrentDays: 2, NewerNoncurrentVersions: 1 } });
    expect(await sweepAfter(3.5)).toMatchObject({ removed: 1 });
    expect(await sweepAfter(30)).toMatchObject({ removed: 1 });
    expect(await versionCount()).toBe(2);
  });

  test("and then the marker that is left alone goes", async () => {
    await put("k");
    await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "k" }));
    await setRules({
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      Expiration: { ExpiredObjectDeleteMarker: true },
    });
    await sweepAfter(3);
    await sweepAfter(4);
    expect(await versionCount()).toBe(0);
  });
});

test("a transition moves a version down and never up, and an archived one has to be restored to be read", async () => {
  await put("k");
  await setRules({
    Transitions: [
      { Days: 30, StorageClass: "STANDARD_IA" },
      { Days: 90, StorageClass: "DEEP_ARCHIVE" },
    ],
  });
  expect(await sweepAfter(40)).toEqual({ expired: 0, removed: 0, transitioned: 1 });
  expect((await server.client.send(new s3.HeadObjectCommand({ Bucket, Key: "k" }))).StorageClass).toBe("STANDARD_IA");
  expect(await sweepAfter(100)).toMatchObject({ transitioned: 1 });
  expect(await sweepAfter(101)).toMatchObject({ transitioned: 0 });
  const read = server.client.send(new s3.GetObjectCommand({ Bucket, Key: "k" }));
  expect(await failure(read)).toEqual({ name: "InvalidObjectState", status: 403 });
});

test("a configuration reads back, and one that is not understood is refused", async () => {
  await setRules({
    ID: "partials",
    Expiration: { Days: 2 },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  });
  const stored = await server.client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket }));
  expect(stored.Rules).toMatchObject([{ ID: "partials", Status: "Enabled", Expiration: { Days: 2 } }]);
  expect(await failure(setRules({ Expiration: {} }))).toEqual({ name: "MalformedXML", status: 400 });
  const strange = "<LifecycleConfiguration><Rule><Status>Enabled</Status><Incinerate/></Rule></LifecycleConfiguration>";
  const reply = await fetch(`${server.url}/${Bucket}?lifecycle`, { method: "PUT", body: strange });
  expect(reply.status).toBe(501);
});
