/** The index in DynamoDB made anew in an empty table holds the very items that it held, and over itself changes none. */
import { type AttributeValue, ScanCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbSessionIndex } from "../../lib/adapters/dynamodb-session-index.ts";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import { memoryLogSource } from "../../lib/adapters/memory-log-stores.ts";
import { s3LogSizes } from "../../lib/adapters/s3-log-sizes.ts";
import { formatCheckpoint } from "../../lib/core/evidence/checkpoint.ts";
import { signNote } from "../../lib/core/evidence/note-signer.ts";
import { formatNote } from "../../lib/core/evidence/signed-note.ts";
import { rebuildIndex } from "../../lib/core/record/rebuild-index.ts";
import { createLogWorld, ORIGIN } from "../core/evidence/log-world.ts";
import { SIGNER } from "../core/evidence/publish-world.ts";
import { everyEvent, recordEvents } from "../core/record/every-event.ts";
import { START_TIME, startS3 } from "../local/s3/s3-server.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";

type Item = Record<string, AttributeValue>;

const MINUTE_MS = 60_000;
/** Minutes after noon, and the size that was published then. */
const PUBLISHED = [
  [0, 3],
  [59, 5],
  [61, 9],
  [120, 10],
  [150, 12],
] as const;
const COMMITTED = Date.parse("2026-11-24T12:00:00Z");

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

async function itemsOf(tableName: string): Promise<Item[]> {
  const { Items = [] } = await dynamoDb.client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
  const nameOf = ({ principal, eventKey }: Item): string => `${principal?.S} ${eventKey?.S}`;
  return Items.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

const isCommit = ({ principal }: Item): boolean => principal?.S?.startsWith("#commit/") === true;

test("items of entries, identities, sessions, links and second factors are the same, in an empty table and over themselves", async () => {
  for (const name of ["original", "rebuilt"]) await createIndexTable(dynamoDb.client, name);
  const original = dynamoDbEventIndex({ client: dynamoDb.client, tableName: "original" });
  const entries = await recordEvents(everyEvent(), memoryEventIndex());
  const log = createLogWorld();
  const append = log.startWorker();
  for (let from = 0; from < entries.length; from += 50) await append(entries.slice(from, from + 50));
  const { objects, commits } = await log.stored();
  for (const commit of commits.values()) await original.write({ ...commit, time: COMMITTED });

  const size = entries.length;
  const rebuild = (tableName: string) =>
    rebuildIndex({
      origin: ORIGIN,
      log: memoryLogSource(objects),
      size,
      index: dynamoDbEventIndex({ client: dynamoDb.client, tableName }),
      sizes: [{ time: COMMITTED, size }],
      now: COMMITTED,
    });
  await rebuild("rebuilt");
  const before = await itemsOf("original");
  const kinds = new Set(before.map(({ principal }) => /^#\w+/.exec(principal?.S ?? "")?.[0]));
  expect(kinds).toEqual(new Set([undefined, "#commit", "#identity", "#session", "#link", "#mfa"]));
  const rebuilt = await itemsOf("rebuilt");
  expect(rebuilt.filter((item) => !isCommit(item))).toEqual(before.filter((item) => !isCommit(item)));
  expect(rebuilt.filter(isCommit)).toEqual(before.filter((item) => isCommit(item) && item["n"]?.N === String(size)));

  await rebuild("original");
  expect(await itemsOf("original")).toEqual(before);
  const issued = entries.flatMap(({ index }) => (index.issued === undefined ? [] : [index.issued]));
  const [one, other] = ["original", "rebuilt"].map((tableName) =>
    dynamoDbSessionIndex({ client: dynamoDb.client, tableName }).holdersOf(issued),
  );
  expect(await other).toEqual(await one);
  expect((await other)?.size).toBeGreaterThan(0);
});

test("sizes of the log are read from the versions of its checkpoint, the last of each hour, and of what is old one", async () => {
  const s3 = await startS3();
  try {
    const options = { client: s3.client, bucket: "evidence" };
    await s3.client.send(new CreateBucketCommand({ Bucket: "evidence", ObjectLockEnabledForBucket: true }));
    expect(await s3LogSizes(options, 0)).toEqual([]);
    for (const [minutes, size] of PUBLISHED) {
      s3.time = START_TIME + minutes * MINUTE_MS;
      const text = formatCheckpoint({ origin: ORIGIN, size, root: "ab".repeat(32) });
      const Body = formatNote({ text, signatures: [await signNote(text, SIGNER)] });
      await s3.client.send(new PutObjectCommand({ Bucket: "evidence", Key: "checkpoint", Body }));
      await s3.client.send(new PutObjectCommand({ Bucket: "evidence", Key: "checkpoint-of-another", Body: "x" }));
    }
    const sizesSince = async (minutes: number) =>
      (await s3LogSizes(options, START_TIME + minutes * MINUTE_MS)).map(({ time, size }) => [
        (time - 1_000 - START_TIME) / MINUTE_MS,
        size,
      ]);
    const all = [
      [59, 5],
      [61, 9],
      [150, 12],
    ];
    expect(await sizesSince(0)).toEqual(all);
    expect(await sizesSince(60)).toEqual(all);
    expect(await sizesSince(61.5)).toEqual(all.slice(1));
    expect(await sizesSince(1_000)).toEqual(all.slice(2));
  } finally {
    await s3.close();
  }
});
