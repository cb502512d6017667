/** Partials on S3: locked shortly when they are put, for the whole retention once they are sealed, and cleared away only if they are not. */
import { randomUUID } from "node:crypto";
import * as aws from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { s3EvidenceStore } from "../../lib/adapters/s3-evidence-store.ts";
import { s3TailStore } from "../../lib/adapters/s3-tail-store.ts";
import type { LockMode } from "../../lib/core/evidence/partial-lock.ts";
import { settingsFor } from "../../lib/local/clients.ts";
import { toLifecycleRule } from "../../lib/local/resources/bucket-properties.ts";
import { synthesise } from "../infra/synthesised-stack.ts";
import { DAY_MS, START_TIME, startS3 } from "../local/s3/s3-server.ts";

const RETENTION_DAYS = 2_555;
const PARTIAL = "tile/0/000.p/7";
const FULL = "tile/0/000";
/** As it is deployed. */
const { Rules } = synthesise().only("AWS::S3::Bucket", "EvidenceBucket").Properties.LifecycleConfiguration;

let s3: Awaited<ReturnType<typeof startS3>>;
let Bucket: string;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());
beforeEach(async () => {
  s3.time = START_TIME;
  Bucket = `evidence-${randomUUID()}`;
  await s3.client.send(new aws.CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const Rule = { DefaultRetention: { Mode: "COMPLIANCE", Days: RETENTION_DAYS } } as const;
  const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled", Rule } as const;
  await s3.client.send(new aws.PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  const LifecycleConfiguration = { Rules: Rules.map(toLifecycleRule) };
  await s3.client.send(new aws.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
});

const create = (path: string, mode: LockMode = "COMPLIANCE") =>
  s3EvidenceStore({ client: s3.client, bucket: Bucket, mode, now: () => s3.time }).create(
    path,
    Buffer.from(path),
    "application/octet-stream",
  );
const seal = (path: string, retentionDays = RETENTION_DAYS, mode: LockMode = "COMPLIANCE") =>
  s3TailStore({ client: s3.client, bucket: Bucket, mode, retentionMs: retentionDays * DAY_MS }).seal(path);
async function lockedDays(path: string): Promise<number> {
  const { Retention } = await s3.client.send(new aws.GetObjectRetentionCommand({ Bucket, Key: path }));
  return ((Retention?.RetainUntilDate?.getTime() ?? 0) - START_TIME) / DAY_MS;
}
async function keys(): Promise<(string | undefined)[]> {
  const { Contents = [] } = await s3.client.send(new aws.ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key);
}
async function versionCount(): Promise<number> {
  const { Versions = [], DeleteMarkers = [] } = await s3.client.send(new aws.ListObjectVersionsCommand({ Bucket }));
  return Versions.length + DeleteMarkers.length;
}
async function sweepAfter(days: number): Promise<void> {
  s3.time = START_TIME + days * DAY_MS;
  await s3.service.sweep();
}

test("a partial is locked for two days, everything else for the whole retention", async () => {
  for (const path of [PARTIAL, FULL, "tile/entries/000", "payload/6f3a"]) await create(path);
  expect(Math.floor(await lockedDays(PARTIAL))).toBe(2);
  for (const path of [FULL, "tile/entries/000", "payload/6f3a"]) expect(await lockedDays(path)).toBe(RETENTION_DAYS);
});

test("a partial that is superseded goes in the end, with its marker, and nothing else does", async () => {
  for (const path of [PARTIAL, FULL, "payload/6f3a"]) await create(path);
  await sweepAfter(13.4);
  expect(await keys()).toHaveLength(3);
  await sweepAfter(15);
  expect(await keys()).toEqual(["payload/6f3a", FULL]);
  await sweepAfter(30);
  await sweepAfter(31);
  expect(await versionCount()).toBe(2);
  await sweepAfter(RETENTION_DAYS - 1);
  expect(await keys()).toEqual(["payload/6f3a", FULL]);
});

describe("a sealed partial", () => {
  test("is locked for the whole retention from when it was written, whenever it is sealed, and stays", async () => {
    await create(PARTIAL);
    s3.time = START_TIME + DAY_MS;
    expect(await seal(PARTIAL)).toBe("sealed");
    expect(await lockedDays(PARTIAL)).toBe(RETENTION_DAYS);
    await sweepAfter(RETENTION_DAYS - 1);
    expect(await keys()).toEqual([PARTIAL]);
  });

  test("is not changed by another seal, nor by its batch being put again", async () => {
    await create(PARTIAL);
    await seal(PARTIAL);
    s3.time = START_TIME + 5 * DAY_MS;
    expect(await seal(PARTIAL)).toBe("sealed");
    await create(PARTIAL);
    expect(await lockedDays(PARTIAL)).toBe(RETENTION_DAYS);
    expect(await versionCount()).toBe(1);
    await sweepAfter(40);
    expect(await keys()).toEqual([PARTIAL]);
  });
});

describe("a sealed partial that the bucket's policy refuses to have put again", () => {
  /** As S3 would answer if it looked at the tags before it looked whether the object is there. */
  const refused = (path: string, bytes: string) => {
    const client = new aws.S3Client({ ...settingsFor(s3.url, "test"), maxAttempts: 1 });
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName !== "PutObjectCommand") return next(args);
          const $metadata = { httpStatusCode: 403 };
          throw new aws.S3ServiceException({ name: "AccessDenied", $fault: "client", $metadata });
        },
      { step: "initialize" },
    );
    const store = s3EvidenceStore({ client, bucket: Bucket, mode: "COMPLIANCE", now: () => s3.time });
    return store.create(path, Buffer.from(bytes), "application/octet-stream").finally(() => client.destroy());
  };

  test("is there, and so it is created", async () => {
    await create(PARTIAL);
    await expect(refused(PARTIAL, PARTIAL)).resolves.toBeUndefined();
  });

  test("is a refusal where other bytes or none are there, or where it is no partial", async () => {
    await create(PARTIAL);
    await create(FULL);
    const denied = { name: "AccessDenied" };
    await expect(refused(PARTIAL, "others")).rejects.toMatchObject(denied);
    await expect(refused("tile/0/000.p/8", "x")).rejects.toMatchObject(denied);
    await expect(refused(FULL, FULL)).rejects.toMatchObject(denied);
  });
});

test("a partial whose batch is put again after it was cleared away is there again, and can be sealed", async () => {
  await create(PARTIAL);
  await sweepAfter(15);
  expect(await seal(PARTIAL)).toBe("missing");
  await create(PARTIAL);
  expect(await seal(PARTIAL)).toBe("sealed");
  await sweepAfter(100);
  expect(await keys()).toEqual([PARTIAL]);
});

test("what was never stored is missing", async () => expect(await seal(PARTIAL)).toBe("missing"));

test("a retention shorter than the short lock shortens nothing, and the end of the log stays", async () => {
  await create(PARTIAL);
  expect(await seal(PARTIAL, 1)).toBe("sealed");
  expect(Math.floor(await lockedDays(PARTIAL))).toBe(2);
  await sweepAfter(40);
  expect(await keys()).toEqual([PARTIAL]);
});

test("a partial from a trial in GOVERNANCE mode keeps its lock, and is not cleared away", async () => {
  await create(PARTIAL, "GOVERNANCE");
  expect(await seal(PARTIAL)).toBe("sealed");
  expect(Math.floor(await lockedDays(PARTIAL))).toBe(2);
  await sweepAfter(40);
  expect(await keys()).toEqual([PARTIAL]);
});

test("a partial that was locked for the whole retention when it was put stays so", async () => {
  await s3.client.send(new aws.PutObjectCommand({ Bucket, Key: PARTIAL, Body: PARTIAL }));
  expect(await seal(PARTIAL)).toBe("sealed");
  expect(await lockedDays(PARTIAL)).toBe(RETENTION_DAYS);
});
