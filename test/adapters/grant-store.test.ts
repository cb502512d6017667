/** The contract of the store of grants, in memory and on DynamoDB. */
import { CreateTableCommand, PutItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbGrantStore } from "../../lib/adapters/dynamodb-grant-store.ts";
import { memoryGrantStore } from "../../lib/adapters/memory-grant-store.ts";
import { grantId } from "../../lib/core/grants/grant.ts";
import { exampleGrant, TEN } from "../core/grants/example-grant.ts";
import { startDynamoDb } from "./dynalite.ts";

const TABLE = "grants";
const DAY_MS = 24 * 60 * 60 * 1000;
let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let day = 0;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  await dynamoDb.client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["kind", "id"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "kind", KeyType: "HASH" },
        { AttributeName: "id", KeyType: "RANGE" },
      ],
    }),
  );
  await waitUntilTableExists({ client: dynamoDb.client, maxWaitTime: 10, minDelay: 1 }, { TableName: TABLE });
});
afterAll(() => dynamoDb.close());

describe.each([
  ["memory", () => memoryGrantStore()],
  ["DynamoDB", () => dynamoDbGrantStore({ client: dynamoDb.client, tableName: TABLE })],
])("%s grant store", (_, createStore) => {
  /** Each test on a day of its own: the table is one. */
  const fresh = () => {
    day += 1;
    const at = TEN + day * DAY_MS;
    return { store: createStore(), at, grant: exampleGrant({ id: grantId(at, "00000001") }) };
  };

  test("knows nothing at first, and reads what was stored", async () => {
    const { store, grant } = fresh();
    expect(await store.read(grant.id)).toBeUndefined();
    expect(await store.replace(grant)).toBe("stored");
    expect(await store.read(grant.id)).toEqual(grant);
    const revoked = { person: "remy@acme.example", principal: "x", time: TEN, reason: "“wrong”\n" };
    expect(await store.replace({ ...grant, version: 2, revoked, isClosed: true, trustedBy: ["a"] })).toBe("stored");
    expect(await store.read(grant.id)).toMatchObject({ version: 2, revoked, isClosed: true, trustedBy: ["a"] });
  });

  test("of two who change the same grant, one is told that it has moved", async () => {
    const { store, grant } = fresh();
    await store.replace(grant);
    expect(await store.replace(grant)).toBe("moved");
    const next = { ...grant, version: 2 };
    expect((await Promise.all([store.replace(next), store.replace(next)])).toSorted()).toEqual(["moved", "stored"]);
    expect(await store.replace({ ...grant, version: 4 })).toBe("moved");
  });

  test("lists those of a range of time in order, its end left out", async () => {
    const { store, at } = fresh();
    const ids = [0, 1, 2, 3].map((minute) => grantId(at + minute * 60_000, "ffffffff"));
    for (const id of ids.toReversed()) await store.replace(exampleGrant({ id }));
    const listed = await store.requestedBetween(at + 60_000, at + 3 * 60_000);
    expect(listed.map(({ id }) => id)).toEqual(ids.slice(1, 3));
  });
});

test("a grant that was damaged gives nobody a role: it is an error", async () => {
  const id = grantId(TEN, "bad00000");
  for (const grant of ["{", "{}", JSON.stringify({ ...exampleGrant(), minutes: 1_000_000 })]) {
    const Item = { kind: { S: "grants" }, id: { S: id }, grant: { S: grant } };
    await dynamoDb.client.send(new PutItemCommand({ TableName: TABLE, Item }));
    const store = dynamoDbGrantStore({ client: dynamoDb.client, tableName: TABLE });
    await expect(store.read(id)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
    await expect(store.requestedBetween(TEN, TEN + 1)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
  }
});
