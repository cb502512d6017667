/** The contract of the index as search asks it, in memory and on DynamoDB. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbSearchIndex } from "../../lib/adapters/dynamodb-search-index.ts";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import type { EntryPlace } from "../../lib/core/evidence/entry-place.ts";
import type { EventIndex } from "../../lib/core/evidence/event-index.ts";
import type { IndexEntry } from "../../lib/core/record/index-entry.ts";
import type { SearchIndex } from "../../lib/core/search/search.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";

const ORIGIN = "log.example/acme";
const SHARDED = "gatebook.acme/111122223333/eu-west-1/0";
const START = Date.UTC(2026, 10, 22, 8);
const FOREVER = { since: 0, until: Date.parse("9999-12-31") };

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

async function createDynamoDbIndex(origin = ORIGIN): Promise<EventIndex & SearchIndex> {
  const tableName = `index-${randomUUID()}`;
  await createIndexTable(dynamoDb.client, tableName);
  const options = { client: dynamoDb.client, tableName, origin };
  return { ...dynamoDbEventIndex(options), ...dynamoDbSearchIndex(options) };
}

function entry(second: number, principal = "ana"): IndexEntry {
  const eventKey = `${new Date(START + second * 1000).toISOString()}#event-${second}`;
  return { principal, eventKey, action: "other", operation: "Op" };
}

async function placesOf(places: AsyncIterable<EntryPlace>): Promise<number[]> {
  const all: number[] = [];
  for await (const { index } of places) all.push(index);
  return all;
}

describe.each([
  ["memory", async (_origin?: string) => memoryEventIndex()],
  ["DynamoDB", createDynamoDbIndex],
])("%s search index", (_, createIndex) => {
  let index: EventIndex & SearchIndex;
  const write = (time: number, from: number, entries: readonly IndexEntry[]) =>
    index.write({ origin: ORIGIN, time, from, size: from + entries.length, entries });
  beforeEach(async () => {
    index = await createIndex();
  });

  test("finds what a principal did, oldest first, within a range, and nothing of others", async () => {
    await write(0, 0, [entry(3), entry(2, "bo"), entry(1)]);
    await write(1, 3, [entry(2)]);
    expect(await placesOf(index.byPrincipal("ana", FOREVER))).toEqual([2, 3, 0]);
    expect(await placesOf(index.byPrincipal("ana", { since: START + 2000, until: START + 3000 }))).toEqual([3]);
    expect(await placesOf(index.byPrincipal("an", FOREVER))).toEqual([]);
    expect(await placesOf(index.byPrincipal(`#commit/${ORIGIN}`, FOREVER))).toEqual([]);
    expect(await placesOf(index.byPrincipal("", FOREVER))).toEqual([]);
  });

  test("finds all of a principal who did more than one answer holds", async () => {
    const resource = "r".repeat(500);
    const entries = Array.from({ length: 3_000 }, (_entry, i) => ({ ...entry(i), resource }));
    await write(0, 0, entries);
    expect(await placesOf(index.byPrincipal("ana", FOREVER))).toEqual(entries.map((_entry, i) => i));
  });

  test("knows how far the log had come at a time", async () => {
    await write(START, 0, [entry(0), entry(1)]);
    await write(START + 1000, 2, [entry(2)]);
    expect(await index.sizeAt(START, 0)).toBe(0);
    expect(await index.sizeAt(START + 1, 0)).toBe(2);
    expect(await index.sizeAt(START + 999_999, 0)).toBe(3);
  });

  test("tells the shards of a log apart: where an entry is, and how far each had come", async () => {
    const inShard = (shard: number, second: number) => {
      const origin = `gatebook.acme/111122223333/eu-west-1/${shard}`;
      return index.write({ origin, time: START + 1000 * shard, from: 7, size: 8, entries: [entry(second)] });
    };
    const own = await createIndex(SHARDED);
    index = own;
    await inShard(0, 0);
    await inShard(2, 1);
    await inShard(15, 2);
    const places: EntryPlace[] = [];
    for await (const place of own.byPrincipal("ana", FOREVER)) places.push(place);
    expect(places).toEqual([0, 2, 15].map((shard) => ({ shard, index: 7 })));
    const later = START + 999_999;
    expect(await Promise.all([0, 1, 2].map((shard) => own.sizeAt(later, shard)))).toEqual([8, 0, 8]);
    expect(await own.sizeAt(START + 2000, 2)).toBe(0);
  });
});
