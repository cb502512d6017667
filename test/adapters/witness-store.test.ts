/** The contract of a witness's store, in memory and on DynamoDB. */
import { randomUUID } from "node:crypto";
import { CreateTableCommand, PutItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbWitnessStore } from "../../lib/adapters/dynamodb-witness-store.ts";
import { memoryWitnessStore } from "../../lib/adapters/memory-witness-store.ts";
import type { WitnessedTree } from "../../lib/core/witness/witness-store.ts";
import { startDynamoDb } from "./dynalite.ts";

const TABLE = "trees";
let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  await dynamoDb.client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "origin", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "origin", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client: dynamoDb.client, maxWaitTime: 10, minDelay: 1 }, { TableName: TABLE });
});
afterAll(() => dynamoDb.close());

const moved = { code: "HEAD_MOVED" };
const tree = (size: number, root = "ab".repeat(32)): WitnessedTree => ({
  size,
  root,
  note: Uint8Array.from([size % 256, 0xe2, 0x80, 0x94, 0x0a]),
});
const plain = (stored: WitnessedTree | undefined) => stored && { ...stored, note: [...stored.note] };

describe.each([
  ["memory", () => memoryWitnessStore()],
  ["DynamoDB", () => dynamoDbWitnessStore({ client: dynamoDb.client, tableName: TABLE })],
])("%s witness store", (_, createStore) => {
  const fresh = () => ({ origin: `log.example/${randomUUID()}`, store: createStore() });

  test("knows nothing of a log at first", async () => {
    const { origin, store } = fresh();
    expect(await store.read(origin)).toBeUndefined();
  });

  test("reads what was stored, of each log its own", async () => {
    const { origin, store } = fresh();
    await store.replace(origin, undefined, tree(0));
    await store.replace(origin, tree(0), tree(2 ** 53 - 1));
    await store.replace(`${origin}/other`, undefined, tree(7));
    expect(plain(await store.read(origin))).toEqual(plain(tree(2 ** 53 - 1)));
    expect(plain(await store.read(`${origin}/other`))).toEqual(plain(tree(7)));
  });

  test("refuses to replace what has moved on: another size, another root, none, or one where there was none", async () => {
    const { origin, store } = fresh();
    await expect(store.replace(origin, tree(1), tree(2))).rejects.toMatchObject(moved);
    await store.replace(origin, undefined, tree(3));
    for (const expected of [undefined, tree(2), tree(3, "cd".repeat(32))]) {
      await expect(store.replace(origin, expected, tree(9))).rejects.toMatchObject(moved);
    }
    expect(plain(await store.read(origin))).toEqual(plain(tree(3)));
  });

  test("lets one of many through who replace at once", async () => {
    const { origin, store } = fresh();
    await store.replace(origin, undefined, tree(1));
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, (__, i) => store.replace(origin, tree(1), tree(i + 2))),
    );
    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

test("an item that is none is said, and not taken for a log that is new", async () => {
  const Item = { origin: { S: "log.example/broken" }, size: { S: "7" } };
  await dynamoDb.client.send(new PutItemCommand({ TableName: TABLE, Item }));
  const store = dynamoDbWitnessStore({ client: dynamoDb.client, tableName: TABLE });
  await expect(store.read("log.example/broken")).rejects.toMatchObject({ code: "LOG_CORRUPT" });
});

test("a fault of the service is not taken for a lost race", async () => {
  const store = dynamoDbWitnessStore({ client: dynamoDb.client, tableName: "no-such-table" });
  await expect(store.replace("log.example/x", undefined, tree(1))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
