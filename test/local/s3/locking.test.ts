/** How versions come to be locked, over AWS's SDK: by default, by headers, and for how long. */
import { randomUUID } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as s3 from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { KEY, LOCKED, lockBucket } from "./lock-bucket.ts";
import { failure } from "./s3-server.ts";

const bucket = lockBucket();

describe("default retention", () => {
  test("locks versions written from then on, and not those before", async () => {
    const before = await bucket.put();
    await bucket.setDefault({ Mode: "COMPLIANCE", Days: 7 });
    const after = await bucket.put();
    expect(await failure(bucket.retentionOf(before))).toEqual({ name: "NoSuchObjectLockConfiguration", status: 404 });
    expect(await bucket.retentionOf(after)).toEqual({ Mode: "COMPLIANCE", RetainUntilDate: bucket.inDays(7) });
    const head = await bucket.server.client.send(new s3.HeadObjectCommand({ Bucket: bucket.name, Key: KEY }));
    expect(head).toMatchObject({ ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: bucket.inDays(7) });
    await bucket.remove(before);
    expect(await failure(bucket.remove(after))).toEqual(LOCKED);
  });

  test("counts years by the calendar, and gives way to an explicit lock", async () => {
    await bucket.setDefault({ Mode: "GOVERNANCE", Years: 7 });
    const inSevenYears = new Date(Date.UTC(2033, 10, 22, 12));
    expect(await bucket.retentionOf(await bucket.put())).toEqual({ Mode: "GOVERNANCE", RetainUntilDate: inSevenYears });
    expect(await bucket.retentionOf(await bucket.putLocked("COMPLIANCE", 2))).toEqual({
      Mode: "COMPLIANCE",
      RetainUntilDate: bucket.inDays(2),
    });
  });

  test("reads back as it was put", async () => {
    await bucket.setDefault({ Mode: "COMPLIANCE", Days: 2555 });
    const stored = await bucket.server.client.send(new s3.GetObjectLockConfigurationCommand({ Bucket: bucket.name }));
    expect(stored.ObjectLockConfiguration).toEqual({
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 2555 } },
    });
  });

  test.each([
    { Mode: "COMPLIANCE" as const },
    { Mode: "COMPLIANCE" as const, Days: 0 },
    { Mode: "COMPLIANCE" as const, Days: 1, Years: 1 },
    { Days: 1 },
    { Mode: "FOREVER" as s3.ObjectLockRetentionMode, Days: 1 },
  ])("is refused as %j", async (retention) => {
    expect(await failure(bucket.setDefault(retention))).toEqual({ name: "MalformedXML", status: 400 });
  });

  test("asks for a digest of the body, as S3 does", async () => {
    await bucket.setDefault({ Mode: "COMPLIANCE", Days: 7 });
    const reply = await fetch(`${bucket.server.url}/${bucket.name}/bare`, { method: "PUT", body: "x" });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain("<Code>InvalidRequest</Code>");
  });
});

describe("a lock", () => {
  test("needs Object Lock to be on", async () => {
    const plain = `plain-${randomUUID()}`;
    await bucket.server.client.send(new s3.CreateBucketCommand({ Bucket: plain }));
    bucket.name = plain;
    const invalid = { name: "InvalidRequest", status: 400 };
    expect(await failure(bucket.putLocked("COMPLIANCE"))).toEqual(invalid);
    expect(await failure(bucket.put({ ObjectLockLegalHoldStatus: "ON" }))).toEqual(invalid);
    const version = await bucket.put();
    expect(await failure(bucket.retain(version || "null", "COMPLIANCE", 1))).toEqual(invalid);
    expect(
      await failure(bucket.server.client.send(new s3.GetObjectLockConfigurationCommand({ Bucket: bucket.name }))),
    ).toEqual({
      name: "ObjectLockConfigurationNotFoundError",
      status: 404,
    });
    expect(await failure(bucket.setDefault({ Mode: "COMPLIANCE", Days: 1 }))).toEqual({
      name: "InvalidBucketState",
      status: 409,
    });
  });

  test("needs a date in the future, and a mode with it", async () => {
    const invalid = { name: "InvalidArgument", status: 400 };
    expect(await failure(bucket.putLocked("COMPLIANCE", 0))).toEqual(invalid);
    expect(await failure(bucket.put({ ObjectLockMode: "COMPLIANCE" }))).toEqual(invalid);
    expect(await failure(bucket.put({ ObjectLockRetainUntilDate: bucket.inDays(1) }))).toEqual(invalid);
    expect(await failure(bucket.putLocked("ETERNAL" as s3.ObjectLockMode))).toEqual(invalid);
    expect(await failure(bucket.retain(await bucket.put(), "COMPLIANCE", -1))).toEqual(invalid);
  });

  test("belongs to no delete marker", async () => {
    const { VersionId = "" } = await bucket.server.client.send(
      new s3.DeleteObjectCommand({ Bucket: bucket.name, Key: KEY }),
    );
    expect(await failure(bucket.retain(VersionId, "COMPLIANCE", 1))).toEqual({ name: "MethodNotAllowed", status: 405 });
    await bucket.remove(VersionId);
  });

  test("keeps versioning on", async () => {
    const suspend = new s3.PutBucketVersioningCommand({
      Bucket: bucket.name,
      VersioningConfiguration: { Status: "Suspended" },
    });
    expect(await failure(bucket.server.client.send(suspend))).toEqual({ name: "InvalidBucketState", status: 409 });
  });

  test("survives a restart, with the default retention, the hold, and a file that was left half written", async () => {
    await bucket.setDefault({ Mode: "COMPLIANCE", Days: 7 });
    const byDefault = await bucket.put();
    const governed = await bucket.putLocked("GOVERNANCE", 3);
    await bucket.hold(governed, "ON");
    await writeFile(join(bucket.server.directory, "unfinished", "half"), "half");
    await bucket.server.restart();
    expect(await readdir(join(bucket.server.directory, "unfinished"))).toEqual([]);
    expect(await bucket.read(byDefault)).toBe("leaf hashes");
    expect(await failure(bucket.remove(byDefault, true))).toEqual(LOCKED);
    expect(await failure(bucket.remove(governed, true))).toEqual(LOCKED);
    expect(await failure(bucket.retain(byDefault, "COMPLIANCE", 6))).toEqual(LOCKED);
    expect(await bucket.retentionOf(await bucket.put())).toEqual({
      Mode: "COMPLIANCE",
      RetainUntilDate: bucket.inDays(7),
    });
  });
});

describe("If-None-Match: *", () => {
  test("lets exactly one of many concurrent puts win, and keeps the others from overwriting", async () => {
    const puts = Array.from({ length: 20 }, (_, n) => bucket.put({ Body: `writer ${n}`, IfNoneMatch: "*" }));
    const settled = await Promise.allSettled(puts);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const each of settled.filter((one) => one.status === "rejected")) {
      expect(each.reason).toMatchObject({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } });
    }
    const { Versions } = await bucket.server.client.send(new s3.ListObjectVersionsCommand({ Bucket: bucket.name }));
    expect(Versions).toHaveLength(1);
    expect(await bucket.read()).toBe(`writer ${settled.findIndex(({ status }) => status === "fulfilled")}`);
  });

  test("lets a put through once the newest version is a delete marker", async () => {
    await bucket.put();
    expect(await failure(bucket.put({ IfNoneMatch: "*" }))).toEqual({ name: "PreconditionFailed", status: 412 });
    await bucket.server.client.send(new s3.DeleteObjectCommand({ Bucket: bucket.name, Key: KEY }));
    await bucket.put({ IfNoneMatch: "*", Body: "again" });
    expect(await bucket.read()).toBe("again");
  });
});
