import * as s3 from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { KEY, LOCKED, lockBucket } from "./lock-bucket.ts";
import { DAY_MS, failure } from "./s3-server.ts";

const bucket = lockBucket();

describe("COMPLIANCE", () => {
  test("keeps a version from being deleted, bypass or not, until its date", async () => {
    const version = await bucket.putLocked("COMPLIANCE");
    expect(await failure(bucket.remove(version))).toEqual(LOCKED);
    expect(await failure(bucket.remove(version, true))).toEqual(LOCKED);
    bucket.server.time += 10 * DAY_MS - 1;
    expect(await failure(bucket.remove(version, true))).toEqual(LOCKED);
    expect(await bucket.read(version)).toBe("leaf hashes");
    bucket.server.time += 1;
    await bucket.remove(version);
    expect(await failure(bucket.read(version))).toEqual({ name: "NoSuchVersion", status: 404 });
  });

  test("may be extended, and not shortened, weakened or taken away", async () => {
    const version = await bucket.putLocked("COMPLIANCE", 10);
    for (const bypass of [false, true]) {
      expect(await failure(bucket.retain(version, "COMPLIANCE", 9, bypass))).toEqual(LOCKED);
      expect(await failure(bucket.retain(version, "GOVERNANCE", 20, bypass))).toEqual(LOCKED);
      const empty = {
        Bucket: bucket.name,
        Key: KEY,
        VersionId: version,
        Retention: {},
        BypassGovernanceRetention: bypass,
      };
      expect(await failure(bucket.server.client.send(new s3.PutObjectRetentionCommand(empty)))).toEqual(LOCKED);
    }
    await bucket.retain(version, "COMPLIANCE", 20);
    expect(await bucket.retentionOf(version)).toEqual({ Mode: "COMPLIANCE", RetainUntilDate: bucket.inDays(20) });
    expect(await failure(bucket.retain(version, "COMPLIANCE", 19))).toEqual(LOCKED);
  });

  test("holds each version in a batch, and lets the others go", async () => {
    const locked = await bucket.putLocked("COMPLIANCE");
    const free = await bucket.put();
    const Objects = [locked, free].map((VersionId) => ({ Key: KEY, VersionId }));
    const { Deleted, Errors } = await bucket.server.client.send(
      new s3.DeleteObjectsCommand({ Bucket: bucket.name, Delete: { Objects }, BypassGovernanceRetention: true }),
    );
    expect(Deleted).toEqual([{ Key: KEY, VersionId: free }]);
    expect(Errors).toMatchObject([{ Key: KEY, VersionId: locked, Code: "AccessDenied" }]);
    expect(await bucket.read(locked)).toBe("leaf hashes");
  });

  test("survives overwriting, deleting the key and a copy over it: those make new versions", async () => {
    const version = await bucket.putLocked("COMPLIANCE");
    await bucket.put({ Body: "forged" });
    await bucket.server.client.send(
      new s3.CopyObjectCommand({
        Bucket: bucket.name,
        Key: KEY,
        CopySource: `${bucket.name}/${KEY}`,
        MetadataDirective: "REPLACE",
      }),
    );
    await bucket.server.client.send(new s3.DeleteObjectCommand({ Bucket: bucket.name, Key: KEY }));
    expect(await failure(bucket.read())).toEqual({ name: "NoSuchKey", status: 404 });
    expect(await bucket.read(version)).toBe("leaf hashes");
    expect(await bucket.retentionOf(version)).toEqual({ Mode: "COMPLIANCE", RetainUntilDate: bucket.inDays(10) });
  });

  test("keeps its bucket from being deleted", async () => {
    await bucket.putLocked("COMPLIANCE");
    expect(await failure(bucket.server.client.send(new s3.DeleteBucketCommand({ Bucket: bucket.name })))).toEqual({
      name: "BucketNotEmpty",
      status: 409,
    });
  });

  test("loses no race: of an extension and shorter dates at once, the extension stays", async () => {
    const version = await bucket.putLocked("COMPLIANCE", 10);
    const days = [11, 12, 30, 13, 14, 15];
    await Promise.allSettled(days.map((each) => bucket.retain(version, "COMPLIANCE", each)));
    expect(await bucket.retentionOf(version)).toEqual({ Mode: "COMPLIANCE", RetainUntilDate: bucket.inDays(30) });
  });
});

describe("GOVERNANCE", () => {
  test("gives way to a bypass and to nothing else", async () => {
    const version = await bucket.putLocked("GOVERNANCE");
    expect(await failure(bucket.remove(version))).toEqual(LOCKED);
    expect(await failure(bucket.retain(version, "GOVERNANCE", 1))).toEqual(LOCKED);
    expect(await failure(bucket.retain(version, "COMPLIANCE", 20))).toEqual(LOCKED);
    await bucket.retain(version, "GOVERNANCE", 1, true);
    expect(await bucket.retentionOf(version)).toEqual({ Mode: "GOVERNANCE", RetainUntilDate: bucket.inDays(1) });
    await bucket.remove(version, true);
    expect(await failure(bucket.read(version))).toEqual({ name: "NoSuchVersion", status: 404 });
  });

  test("can be made COMPLIANCE with a bypass, after which no bypass helps", async () => {
    const version = await bucket.putLocked("GOVERNANCE");
    await bucket.retain(version, "COMPLIANCE", 20, true);
    expect(await failure(bucket.remove(version, true))).toEqual(LOCKED);
  });
});

describe("legal hold", () => {
  test("holds without a date, and beside an expired retention", async () => {
    const version = await bucket.putLocked("COMPLIANCE", 1);
    await bucket.hold(version, "ON");
    bucket.server.time += 5 * DAY_MS;
    expect(await failure(bucket.remove(version, true))).toEqual(LOCKED);
    await bucket.hold(version, "OFF");
    const held = await bucket.server.client.send(
      new s3.GetObjectLegalHoldCommand({ Bucket: bucket.name, Key: KEY, VersionId: version }),
    );
    expect(held.LegalHold).toEqual({ Status: "OFF" });
    await bucket.remove(version);
  });

  test("lifted, leaves the retention as it was", async () => {
    const version = await bucket.put({
      ObjectLockMode: "COMPLIANCE",
      ObjectLockRetainUntilDate: bucket.inDays(10),
      ObjectLockLegalHoldStatus: "ON",
    });
    await bucket.hold(version, "OFF");
    expect(await failure(bucket.remove(version, true))).toEqual(LOCKED);
  });
});
