/** What the running stack has recorded, read with the owner's clients: the head, the log by way of its objects, the index. */
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectVersionsCommand, type ObjectVersion } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, vi } from "vitest";
import { dynamoDbHeadStore } from "../../lib/adapters/dynamodb-head-store.ts";
import type { Head } from "../../lib/core/evidence/head.ts";
import type { AuditRecord } from "../../lib/core/record/audit-record.ts";
import { readStoredLog } from "../core/evidence/stored-log.ts";
import { outputOf, PATIENCE, type RunningCloud } from "./running-cloud.ts";

export async function readHead(running: RunningCloud): Promise<Head | undefined> {
  const [tableName, origin] = [outputOf(running, "HeadTable"), outputOf(running, "LogOrigin")];
  return dynamoDbHeadStore({ client: running.clients.dynamodb, tableName, origin }).read();
}

export interface StoredVersion {
  readonly Key: string;
  readonly VersionId: string;
}

/** Every version of every object in the evidence bucket; a delete marker among them fails the test. */
export async function listEvidence(running: RunningCloud): Promise<StoredVersion[]> {
  const listing = await running.clients.s3.send(
    new ListObjectVersionsCommand({ Bucket: outputOf(running, "EvidenceBucket") }),
  );
  expect([listing.IsTruncated ?? false, listing.DeleteMarkers ?? []]).toEqual([false, []]);
  return (listing.Versions ?? []).map(({ Key = "", VersionId = "" }: ObjectVersion) => ({ Key, VersionId }));
}

export async function readVersion(running: RunningCloud, version: StoredVersion): Promise<Uint8Array> {
  const Bucket = outputOf(running, "EvidenceBucket");
  const { Body } = await running.clients.s3.send(new GetObjectCommand({ Bucket, ...version }));
  if (Body === undefined) throw new Error(`${version.Key} has no body`);
  return Body.transformToByteArray();
}

/** Every entry of the log, verified against the head's root by an independent reader. */
export async function readEntries(running: RunningCloud): Promise<string[]> {
  const head = await readHead(running);
  const objects = new Map<string, Uint8Array>();
  for (const version of await listEvidence(running)) objects.set(version.Key, await readVersion(running, version));
  return readStoredLog(head, (path) => objects.get(path));
}

export async function readRecords(running: RunningCloud): Promise<AuditRecord[]> {
  return (await readEntries(running)).map((entry) => JSON.parse(entry) as AuditRecord);
}

export interface Indexed {
  readonly principal: string;
  /** The source's own id of the event. */
  readonly event: string;
  readonly action: string;
  readonly person: string | undefined;
  readonly finding: string | undefined;
  /** The entry's place in the log. */
  readonly place: number;
}

/** The index's events, in the order of the log. Keys of commits begin with "#". */
export async function readIndex(running: RunningCloud): Promise<Indexed[]> {
  const { Items = [] } = await running.clients.dynamodb.send(
    new ScanCommand({ TableName: outputOf(running, "IndexTable"), ConsistentRead: true }),
  );
  return Items.map((attributes) => ({
    principal: attributes["principal"]?.S ?? "",
    // Behind the source's id stands a digest where the source could repeat its ids.
    event: attributes["eventKey"]?.S?.split("#")[1]?.replace(/:[0-9a-f]{16}$/, "") ?? "",
    action: attributes["a"]?.S ?? "",
    person: attributes["p"]?.S,
    finding: attributes["f"]?.S,
    place: Number(attributes["i"]?.N),
  }))
    .filter(({ principal }) => !principal.startsWith("#"))
    .sort((a, b) => a.place - b.place);
}

/** Resolves when the index has as many events, which the log then has too. More than that fails at once. */
export async function waitForEvents(running: RunningCloud, count: number): Promise<Indexed[]> {
  const indexed = await vi.waitFor(async () => {
    const found = await readIndex(running);
    if (found.length < count) throw new Error(`${found.length} of ${count} events are in the index`);
    return found;
  }, PATIENCE);
  expect(indexed).toHaveLength(count);
  return indexed;
}

/** Messages of a queue, those that somebody works on included. */
export async function lengthOf({ clients: { sqs } }: RunningCloud, QueueUrl: string): Promise<number> {
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

/** Resolves when all that was sent in is worked on. */
export async function waitUntilIdle(running: RunningCloud): Promise<void> {
  await vi.waitFor(async () => {
    const waiting = await lengthOf(running, outputOf(running, "IntakeQueueUrl"));
    if (waiting > 0) throw new Error(`${waiting} messages wait to be recorded`);
  }, PATIENCE);
}
