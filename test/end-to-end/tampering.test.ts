/** Evidence cannot be edited, hidden or let go: not by the account's root, and not by the function that writes it. */
import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Head } from "../../lib/core/evidence/head.ts";
import type { Clients } from "../../lib/local/clients.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { synthesisedAnew } from "./assembly.ts";
import { invoke } from "./invoke.ts";
import { listEvidence, readEntries, readHead, readVersion, type StoredVersion, waitForEvents } from "./recorded.ts";
import { roleClients } from "./role-clients.ts";
import { emptyFolder, outputOf, type RunningCloud, remove, runInEmptyFolder } from "./running-cloud.ts";
import { readStory } from "./story.ts";

const TILE = "tile/0/000.p/3";
const TOMORROW = new Date(Date.now() + 24 * 60 * 60 * 1000);
const EVENTS = readStory().slice(0, 3);

/** A log of three events, and the tile over them, sealed. */
async function runWithEvidence(assembly?: string): Promise<{ running: RunningCloud; tile: StoredVersion }> {
  const running = await runInEmptyFolder(assembly);
  await putRecordedEvents(running.cloud.url, EVENTS);
  await waitForEvents(running, EVENTS.length);
  await invoke(running, "seal");
  const tile = (await listEvidence(running)).find(({ Key }) => Key === TILE);
  if (tile === undefined) throw new Error(`${TILE} is not there`);
  return { running, tile };
}

describe("with the stack as it is deployed", () => {
  let running: RunningCloud;
  let tile: StoredVersion;
  let head: Head | undefined;
  beforeAll(async () => {
    ({ running, tile } = await runWithEvidence());
    head = await readHead(running);
  });
  afterAll(() => running.close());

  /** By its name in AWS's answer; nothing may have changed after any of them. */
  async function expectRefusal(attempt: Promise<unknown>, name: string): Promise<void> {
    await expect(attempt).rejects.toMatchObject({ name });
    expect(await readEntries(running)).toHaveLength(EVENTS.length);
  }

  /** What is tried against the tile; `clients` are those of somebody. */
  function attacksOn({ s3 }: Clients): readonly (readonly [string, () => Promise<unknown>, string])[] {
    const Bucket = outputOf(running, "EvidenceBucket");
    const at = { Bucket, Key: tile.Key };
    const retention = { Mode: "COMPLIANCE", RetainUntilDate: TOMORROW } as const;
    return [
      ["deleting its version", () => s3.send(new DeleteObjectCommand({ Bucket, ...tile })), "AccessDenied"],
      ["hiding it behind a delete marker", () => s3.send(new DeleteObjectCommand(at)), "AccessDenied"],
      [
        "deleting past governance",
        () => s3.send(new DeleteObjectCommand({ Bucket, ...tile, BypassGovernanceRetention: true })),
        "AccessDenied",
      ],
      [
        "marking it to be cleared away",
        () =>
          s3.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [{ Key: "gatebook", Value: "partial" }] } })),
        "AccessDenied",
      ],
      [
        "shortening its retention",
        () => s3.send(new PutObjectRetentionCommand({ Bucket, ...tile, Retention: retention })),
        "AccessDenied",
      ],
      ["writing over it", () => s3.send(new PutObjectCommand({ ...at, Body: "forged" })), "AccessDenied"],
      [
        "writing over it with the condition that creates objects",
        () => s3.send(new PutObjectCommand({ ...at, Body: "forged", IfNoneMatch: "*" })),
        "PreconditionFailed",
      ],
    ];
  }

  test("the account's root can do nothing to a tile", async () => {
    for (const [_, attempt, name] of attacksOn(running.clients)) await expectRefusal(attempt(), name);
  });

  test("the account's root cannot delete many at once, nor the bucket", async () => {
    const Bucket = outputOf(running, "EvidenceBucket");
    const { Deleted = [], Errors = [] } = await running.clients.s3
      .send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ ...tile }] } }))
      .catch((error: Error) => ({ Deleted: [], Errors: [{ Code: error.name }] }));
    expect([Deleted, Errors.map(({ Code }) => Code)]).toEqual([[], ["AccessDenied"]]);
    await expectRefusal(running.clients.s3.send(new DeleteBucketCommand({ Bucket })), "BucketNotEmpty");
  });

  describe("the role of the function that records", () => {
    let role: Clients;
    beforeAll(async () => {
      role = await roleClients(running, "record");
    });
    afterAll(() => role.close());

    test("can read what it wrote, and do nothing else to it", async () => {
      const at = { Bucket: outputOf(running, "EvidenceBucket"), Key: tile.Key };
      expect((await role.s3.send(new GetObjectCommand(at))).ContentLength).toBeGreaterThan(0);
      for (const [_, attempt, name] of attacksOn(role)) await expectRefusal(attempt(), name);
    });

    test("cannot ask for a shorter retention with a new object, nor write outside the log", async () => {
      const Bucket = outputOf(running, "EvidenceBucket");
      const fresh = { Bucket, Key: "tile/0/999", Body: "x", IfNoneMatch: "*" };
      const short = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: TOMORROW } as const;
      await expectRefusal(role.s3.send(new PutObjectCommand({ ...fresh, ...short })), "AccessDenied");
      await expectRefusal(role.s3.send(new PutObjectCommand({ ...fresh, Key: "elsewhere" })), "AccessDenied");
    });

    test("cannot delete or update the head; to replace it is its work", async () => {
      const TableName = outputOf(running, "HeadTable");
      const Key = { log: { S: outputOf(running, "LogOrigin") } };
      const denied = "AccessDeniedException";
      await expectRefusal(role.dynamodb.send(new DeleteItemCommand({ TableName, Key })), denied);
      const UpdateExpression = "REMOVE #root";
      const ExpressionAttributeNames = { "#root": "root" };
      const update = new UpdateItemCommand({ TableName, Key, UpdateExpression, ExpressionAttributeNames });
      await expectRefusal(role.dynamodb.send(update), denied);
      const IndexTable = outputOf(running, "IndexTable");
      const Item = { principal: { S: "x" }, eventKey: { S: "x" } };
      await expectRefusal(role.dynamodb.send(new PutItemCommand({ TableName: IndexTable, Item })), denied);
    });
  });

  test("all that was tried left the head as it was", async () => {
    expect(await readHead(running)).toEqual(head);
  });
});

describe("after the owner has taken the bucket's policy away", () => {
  test("Object Lock alone still keeps every version", async () => {
    const folder = await emptyFolder();
    onTestFinished(() => remove(folder));
    const assembly = await synthesisedAnew(folder, ({ Resources }) => {
      for (const [id, { Type }] of Object.entries(Resources)) {
        if (Type === "AWS::S3::BucketPolicy" && id.startsWith("EvidenceBucketPolicy")) delete Resources[id];
      }
    });
    const { running, tile } = await runWithEvidence(assembly);
    onTestFinished(() => running.close());
    const Bucket = outputOf(running, "EvidenceBucket");
    const { s3 } = running.clients;
    const original = await readVersion(running, tile);

    const Retention = { Mode: "COMPLIANCE", RetainUntilDate: TOMORROW } as const;
    await expect(s3.send(new DeleteObjectCommand({ Bucket, ...tile }))).rejects.toThrow(/Object Lock|Access Denied/i);
    await expect(
      s3.send(new PutObjectRetentionCommand({ Bucket, ...tile, Retention, BypassGovernanceRetention: true })),
    ).rejects.toMatchObject({ name: "AccessDenied" });
    // Both of these only hide: S3 takes them, and whoever looks at versions finds what was there.
    await s3.send(new PutObjectCommand({ Bucket, Key: tile.Key, Body: "forged" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: tile.Key }));
    expect(await readVersion(running, tile)).toEqual(original);
    await expect(s3.send(new DeleteObjectCommand({ Bucket, ...tile }))).rejects.toMatchObject({ name: "AccessDenied" });
  });
});
