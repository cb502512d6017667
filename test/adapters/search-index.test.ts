/** The contract of the index as search asks it, in memory and on DynamoDB. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbSearchIndex } from "../../lib/adapters/dynamodb-search-index.ts";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import type { EventIndex } from "../../lib/core/evidence/event-index.ts";
import type { IndexEntry } from "../../lib/core/record/index-entry.ts";
import type { SearchIndex } from "../../lib/core/search/search.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";

const ORIGIN = "log.example/acme";
const START = Date.UTC(2026, 10, 22, 8);
const FOREVER = { since: 0, until: Date.parse("9999-12-31") };

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

async function createDynamoDbIndex(): Promise<EventIndex & SearchIndex> {
  const tableName = `index-${randomUUID()}`;
  await createIndexTable(dynamoDb.client, tableName);
  const options = { client: dynamoDb.client, tableName, origin: ORIGIN };
  return { ...dynamoDbEventIndex(options), ...dynamoDbSearchIndex(options) };
}

function entry(second: number, principal = "ana"): IndexEntry {
  const eventKey = `${new Date(START + second * 1000).toISOString()}#event-${second}`;
  return { principal, eventKey, action: "other", operation: "Op" };
}

async function placesOf(places: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const place of places) all.push(place);
  return all;
}

describe.each([
  ["memory", async () => memoryEventIndex()],
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
    expect(await index.sizeAt(START)).toBe(0);
    expect(await index.sizeAt(START + 1)).toBe(2);
    expect(await index.sizeAt(START + 999_999)).toBe(3);
  });
});
