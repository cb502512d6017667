/** The contract of what waits to be looked at again, in memory and on DynamoDB. */
import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbPendingLooks } from "../../lib/adapters/dynamodb-pending-looks.ts";
import { memoryPendingLooks } from "../../lib/adapters/memory-pending-looks.ts";
import { MAX_SHARDS } from "../../lib/core/evidence/shard.ts";
import type { PendingLook } from "../../lib/core/second-look/pending-looks.ts";
import { createOutboxTable } from "./alert-tables.ts";
import { startDynamoDb } from "./dynalite.ts";

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let tables = 0;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

async function onDynamoDb() {
  tables += 1;
  // The same keys.
  await createOutboxTable(dynamoDb.client, `Looks${tables}`);
  return dynamoDbPendingLooks({ client: dynamoDb.client, tableName: `Looks${tables}` });
}

const stores = { memory: async () => memoryPendingLooks(), DynamoDB: onDynamoDb };
const look = (index: number, due: number, shard = 0): PendingLook => ({
  place: { shard, index },
  committed: due - 500,
  due,
});
const LATE = Date.UTC(9999, 0);

describe.each(["memory", "DynamoDB"] as const)("what waits to be looked at again, in %s", (kind) => {
  test("is due from its time on, the longest due first, and no more than was asked for", async () => {
    const pending = await stores[kind]();
    await pending.note([look(7, 3_000), look(123_456_789, 1_000, MAX_SHARDS - 1), look(5, 2_000)]);
    expect(await pending.due(999, 10)).toEqual([]);
    expect(await pending.due(2_000, 10)).toEqual([look(123_456_789, 1_000, MAX_SHARDS - 1), look(5, 2_000)]);
    expect(await pending.due(LATE, 1)).toEqual([look(123_456_789, 1_000, MAX_SHARDS - 1)]);
  });

  test("is kept once, however often it is noted, and until it is removed", async () => {
    const pending = await stores[kind]();
    await pending.note([look(1, 1_000), look(2, 1_000)]);
    await pending.note([look(1, 1_000)]);
    await pending.note([]);
    expect(await pending.due(LATE, 10)).toHaveLength(2);
    await pending.remove(look(1, 1_000));
    await pending.remove(look(1, 1_000));
    await pending.remove(look(2, 1_001));
    expect(await pending.due(LATE, 10)).toEqual([look(2, 1_000)]);
  });

  test("tells the same place in two shards, and at two times, apart", async () => {
    const pending = await stores[kind]();
    const all = [look(1, 1_000), look(1, 1_000, 2), look(1, 5_000)];
    await pending.note(all);
    expect((await pending.due(LATE, 10)).toSorted((a, b) => a.due - b.due || a.place.shard - b.place.shard)).toEqual(
      all,
    );
    await pending.remove(look(1, 1_000));
    expect(await pending.due(LATE, 10)).toEqual([look(1, 1_000, 2), look(1, 5_000)]);
  });

  test("may be more than one call can note", async () => {
    const pending = await stores[kind]();
    const all = Array.from({ length: 60 }, (_, i) => look(i, 1_000 + i));
    await pending.note(all);
    expect(await pending.due(LATE, 100)).toEqual(all);
    expect(await pending.due(LATE, 50)).toEqual(all.slice(0, 50));
  });
});

test("an item takes a tenth of a write unit, and no time takes it away", async () => {
  const pending = await onDynamoDb();
  await pending.note([look(Number.MAX_SAFE_INTEGER, LATE, MAX_SHARDS - 1)]);
  const { Items = [] } = await dynamoDb.client.send(new ScanCommand({ TableName: `Looks${tables}` }));
  expect(Items).toHaveLength(1);
  expect(JSON.stringify(Items).length).toBeLessThan(256);
  expect(Object.keys(Items[0] ?? {}).sort()).toEqual(["committed", "due", "index", "queue", "shard"]);
});

test.each([
  ["no place", { committed: { N: "1" } }],
  ["a place that is text", { shard: { S: "0" }, index: { N: "1" }, committed: { N: "1" } }],
])("an item with %s is named, for somebody to look at", async (_, attributes) => {
  const pending = await onDynamoDb();
  const Item = { queue: { S: "looks" }, due: { S: "2026-11-24T10:00:00.000Z#1" }, ...attributes };
  await dynamoDb.client.send(new PutItemCommand({ TableName: `Looks${tables}`, Item }));
  await expect(pending.due(LATE, 10)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("2026-11-24T10:00:00.000Z#1"),
  });
});
