/** The notice store's contract, in memory and on DynamoDB. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbNoticeStore } from "../../lib/adapters/dynamodb-notice-store.ts";
import { memoryNoticeStore } from "../../lib/adapters/memory-notice-store.ts";
import { createNoticeTable } from "./alert-tables.ts";
import { startDynamoDb } from "./dynalite.ts";

const TABLE = "Notices";
let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  await createNoticeTable(dynamoDb.client, TABLE);
});
afterAll(() => dynamoDb.close());

const stores = {
  memory: () => memoryNoticeStore(),
  DynamoDB: () => dynamoDbNoticeStore({ client: dynamoDb.client, tableName: TABLE }),
};

describe.each(["memory", "DynamoDB"] as const)("%s notice store", (kind) => {
  test("gives a claim to one of many who ask at once", async () => {
    const store = stores[kind]();
    const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim("raced", 1_000, 2_000)));
    expect(claims.filter((claim) => claim === "claimed")).toHaveLength(1);
    expect(claims.filter((claim) => claim === "busy")).toHaveLength(9);
  });

  test("remembers what was told, for ever and whoever releases it", async () => {
    const store = stores[kind]();
    await store.claim("mailed", 1_000, 2_000);
    await store.markTold("mailed", "message-1", 1_500);
    await store.release("mailed");
    expect(await store.claim("mailed", 1e12, 1e12)).toBe("told");
  });

  test("remembers what is done, for ever and whoever releases it", async () => {
    const store = stores[kind]();
    await store.claim("forwarded", 1_000, 2_000);
    await store.markTold("forwarded", "message-1", 1_500);
    await store.markDone("forwarded");
    await store.release("forwarded");
    expect(await store.claim("forwarded", 1e12, 1e12)).toBe("done");
  });

  test("gives a claim again when it was released, or when its time is over", async () => {
    const store = stores[kind]();
    expect(await store.claim("again", 1_000, 2_000)).toBe("claimed");
    await store.release("again");
    expect(await store.claim("again", 1_000, 2_000)).toBe("claimed");
    expect(await store.claim("again", 2_000, 3_000)).toBe("busy");
    expect(await store.claim("again", 2_001, 3_000)).toBe("claimed");
  });

  test.each([
    ["nothing", ""],
    ["a window's name", "#window/storm"],
    ["a megabyte", "x".repeat(1_000_000)],
  ])("takes a uid that is %s", async (_, uid) => {
    const store = stores[kind]();
    expect(await store.claim(uid, 1_000, 2_000)).toBe("claimed");
    await store.markTold(uid, "message-1", 1_500);
    expect(await store.claim(uid, 1_000, 2_000)).toBe("told");
  });
});
