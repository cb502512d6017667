/** The contract of windows, in memory and on DynamoDB. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbAlertWindows } from "../../lib/adapters/dynamodb-alert-windows.ts";
import { dynamoDbNoticeStore } from "../../lib/adapters/dynamodb-notice-store.ts";
import { memoryAlertWindows } from "../../lib/adapters/memory-alert-windows.ts";
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
  memory: () => memoryAlertWindows(),
  DynamoDB: () => dynamoDbAlertWindows({ client: dynamoDb.client, tableName: TABLE }),
};

describe.each(["memory", "DynamoDB"] as const)("%s alert windows", (kind) => {
  test("have one holder of many who ask at once", async () => {
    const windows = stores[kind]();
    const holders = Array.from({ length: 10 }, (_, i) => `finding-${i}`);
    const opened = await Promise.all(holders.map((holder) => windows.open("raced", holder, { now: 1, until: 100 })));
    expect(opened.filter(({ isHolder }) => isHolder)).toHaveLength(1);
    expect(opened.map(({ until }) => until)).toEqual(holders.map(() => 100));
  });

  test("stay the holder's who asks again, and close when they were to", async () => {
    const windows = stores[kind]();
    await windows.open("held", "one", { now: 1_000, until: 2_000 });
    expect(await windows.open("held", "one", { now: 1_500, until: 9_000 })).toEqual({ isHolder: true, until: 2_000 });
    expect(await windows.open("held", "two", { now: 1_999, until: 9_000 })).toEqual({ isHolder: false, until: 2_000 });
    expect(await windows.closes("held", 1_999)).toBe(2_000);
    expect(await windows.closes("held", 2_000)).toBeUndefined();
    expect(await windows.open("held", "two", { now: 2_000, until: 3_000 })).toEqual({ isHolder: true, until: 3_000 });
    expect(await windows.open("held", "one", { now: 2_000, until: 3_000 })).toEqual({ isHolder: false, until: 3_000 });
  });

  test("are closed where nobody opened one", async () => {
    expect(await stores[kind]().closes("never", 1_000)).toBeUndefined();
  });

  test("let the first so many take, and nobody after them", async () => {
    const windows = stores[kind]();
    const taken = await Promise.all(Array.from({ length: 12 }, () => windows.take("minute/1", 5, 1_000)));
    expect(taken.filter(Boolean)).toHaveLength(5);
    expect(await windows.take("minute/1", 5, 9_000)).toBe(false);
    expect(await windows.take("minute/2", 5, 9_000)).toBe(true);
  });

  test.each(["", "#", "group/\u{1f600}", "x".repeat(10_000)])("take any name: %.20s", async (name) => {
    const windows = stores[kind]();
    expect(await windows.open(name, "one", { now: 1, until: 2 })).toEqual({ isHolder: true, until: 2 });
    expect(await windows.take(name, 1, 1)).toBe(true);
    expect(await windows.take(name, 1, 1)).toBe(false);
  });
});

test("on DynamoDB, no finding can stand in a window's place, nor a window in a finding's", async () => {
  const options = { client: dynamoDb.client, tableName: TABLE };
  await dynamoDbNoticeStore(options).claim("#window/posed", 1_000, 2_000);
  expect(await dynamoDbAlertWindows(options).closes("posed", 0)).toBeUndefined();
  await dynamoDbAlertWindows(options).open("real", "one", { now: 1, until: 2_000 });
  expect(await dynamoDbNoticeStore(options).claim("#window/real", 1_000, 2_000)).toBe("claimed");
});
