/** The contract of a head store, in memory and on DynamoDB. */
import { randomUUID } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbHeadStore } from "../../lib/adapters/dynamodb-head-store.ts";
import { memoryHeadStore } from "../../lib/adapters/memory-log-stores.ts";
import type { Head } from "../../lib/core/evidence/head.ts";
import { createHeadTable, startDynamoDb } from "./dynalite.ts";

const TABLE = "heads";
let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  await createHeadTable(dynamoDb.client, TABLE);
});
afterAll(() => dynamoDb.close());

function head(origin: string, version: number, root = "ab".repeat(32)): Head {
  const edge = ["01".repeat(32), "fe".repeat(32)];
  return {
    origin,
    version,
    size: 2 * version,
    root,
    edge,
    staged: "staged/x",
    commit: randomUUID(),
    updated: 1_700_000_000_123,
  };
}

describe.each([
  ["memory", () => memoryHeadStore()],
  ["DynamoDB", (origin: string) => dynamoDbHeadStore({ client: dynamoDb.client, tableName: TABLE, origin })],
])("%s head store", (_, createStore) => {
  const fresh = () => {
    const origin = `log.example/${randomUUID()}`;
    return { origin, heads: createStore(origin) };
  };

  test("has no head at first", async () => {
    expect(await fresh().heads.read()).toBeUndefined();
  });

  test("reads what was stored", async () => {
    const { origin, heads } = fresh();
    const first = head(origin, 1);
    await heads.replace(undefined, first);
    expect(await heads.read()).toEqual(first);
    const second = { ...head(origin, 2), edge: [] };
    await heads.replace(first, second);
    expect(await heads.read()).toEqual(second);
  });

  test("refuses a first head when there is one", async () => {
    const { origin, heads } = fresh();
    const first = head(origin, 1);
    await heads.replace(undefined, first);
    await expect(heads.replace(undefined, head(origin, 1))).rejects.toMatchObject({ code: "HEAD_MOVED" });
    expect(await heads.read()).toEqual(first);
  });

  test("refuses to replace a head that is not there", async () => {
    const { origin, heads } = fresh();
    await expect(heads.replace(head(origin, 1), head(origin, 2))).rejects.toMatchObject({ code: "HEAD_MOVED" });
    expect(await heads.read()).toBeUndefined();
  });

  test.each([
    ["version", (origin: string) => head(origin, 2)],
    ["root", (origin: string) => head(origin, 1, "cd".repeat(32))],
  ])("refuses to replace a head of another %s", async (_member, other) => {
    const { origin, heads } = fresh();
    const first = head(origin, 1);
    await heads.replace(undefined, first);
    await expect(heads.replace(other(origin), head(origin, 3))).rejects.toMatchObject({ code: "HEAD_MOVED" });
    expect(await heads.read()).toEqual(first);
  });

  test("lets one of many writers win", async () => {
    const { origin, heads } = fresh();
    const first = head(origin, 1);
    await heads.replace(undefined, first);
    const rivals = Array.from({ length: 20 }, () => head(origin, 2));
    const outcomes = await Promise.allSettled(rivals.map((next) => heads.replace(first, next)));
    const winners = rivals.filter((_rival, i) => outcomes[i]?.status === "fulfilled");
    expect(winners).toHaveLength(1);
    expect(await heads.read()).toEqual(winners[0]);
  });
});

test("heads of two logs share a table", async () => {
  const [one, two] = ["log.example/one", "log.example/two"].map((origin) =>
    dynamoDbHeadStore({ client: dynamoDb.client, tableName: TABLE, origin }),
  );
  await one?.replace(undefined, head("log.example/one", 1));
  expect(await two?.read()).toBeUndefined();
});

test("an item that is no head is corruption, said so", async () => {
  const origin = "log.example/broken";
  await dynamoDb.client.send(
    new PutItemCommand({ TableName: TABLE, Item: { log: { S: origin }, version: { S: "1" } } }),
  );
  const heads = dynamoDbHeadStore({ client: dynamoDb.client, tableName: TABLE, origin });
  await expect(heads.read()).rejects.toMatchObject({ code: "LOG_CORRUPT" });
});

test("an outcome that nobody knows is not called HEAD_MOVED", async () => {
  const heads = dynamoDbHeadStore({ client: dynamoDb.client, tableName: "no-such-table", origin: "log.example/x" });
  await expect(heads.replace(undefined, head("log.example/x", 1))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
