/** The log on the AWS adapters: two writers at once, and a successor that starts cold. */
import { randomUUID } from "node:crypto";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbHeadStore } from "../../lib/adapters/dynamodb-head-store.ts";
import { memoryFindingsQueue } from "../../lib/adapters/memory-log-stores.ts";
import { s3EvidenceStore } from "../../lib/adapters/s3-evidence-store.ts";
import { s3StagingStore } from "../../lib/adapters/s3-staging-store.ts";
import { createAppender } from "../../lib/core/evidence/append.ts";
import { eventRange, ORIGIN } from "../core/evidence/log-world.ts";
import { readStoredLog } from "../core/evidence/stored-log.ts";
import { startS3 } from "../local/s3/s3-server.ts";
import { createHeadTable, createIndexTable, startDynamoDb } from "./dynalite.ts";

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  await createHeadTable(dynamoDb.client, "heads");
  await createIndexTable(dynamoDb.client, "index");
  s3 = await startS3();
  await s3.client.send(new CreateBucketCommand({ Bucket: "evidence", ObjectLockEnabledForBucket: true }));
  await s3.client.send(new CreateBucketCommand({ Bucket: "staging" }));
});
afterAll(async () => {
  await s3.close();
  await dynamoDb.close();
});

const startHeads = () => dynamoDbHeadStore({ client: dynamoDb.client, tableName: "heads", origin: ORIGIN });

function startWorker() {
  return createAppender({
    origin: ORIGIN,
    heads: startHeads(),
    staging: s3StagingStore({ client: s3.client, bucket: "staging" }),
    evidence: s3EvidenceStore({ client: s3.client, bucket: "evidence", mode: "COMPLIANCE", now: Date.now }),
    index: dynamoDbEventIndex({ client: dynamoDb.client, tableName: "index" }),
    findings: memoryFindingsQueue(),
    now: Date.now,
    newCommitId: randomUUID,
  });
}

async function readObjects(): Promise<Map<string, Uint8Array>> {
  const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket: "evidence" }));
  const objects = new Map<string, Uint8Array>();
  for (const { Key = "" } of Contents) {
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: "evidence", Key }));
    objects.set(Key, (await Body?.transformToByteArray()) ?? new Uint8Array());
  }
  return objects;
}

test("holds every event of two writers once, though both deliver some of them", async () => {
  const write = async (from: number, to: number) => {
    const append = startWorker();
    for (let event = from; event < to; event += 60) await append(eventRange(event, event + 60));
  };
  await Promise.all([write(0, 300), write(240, 540)]);
  expect(await startWorker()(eventRange(530, 600))).toMatchObject({ recorded: 60, duplicates: 10, size: 600 });

  const objects = await readObjects();
  const entries = readStoredLog(await startHeads().read(), (path) => objects.get(path));
  expect(entries.toSorted()).toEqual(Array.from({ length: 600 }, (_, i) => `e${i}`).sort());
});
