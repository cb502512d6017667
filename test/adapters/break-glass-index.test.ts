/** The contract of the index of emergency access, in memory and on DynamoDB. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbBreakGlassIndex } from "../../lib/adapters/dynamodb-break-glass-index.ts";
import { dynamoDbDeliveryIndex } from "../../lib/adapters/dynamodb-delivery-index.ts";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import { type BreakGlassIndex, HOUR_MS } from "../../lib/core/break-glass/break-glass-index.ts";
import type { EventIndex } from "../../lib/core/evidence/event-index.ts";
import type { DeliveryIndex } from "../../lib/core/record/delivery-index.ts";
import type { IndexEntry } from "../../lib/core/record/index-entry.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";

const NOON = Date.parse("2026-11-24T12:00:00Z");
const ALL = { since: 0, until: Date.parse("2100-01-01T00:00:00Z") };
let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

type Index = Pick<EventIndex, "write"> & BreakGlassIndex & Pick<DeliveryIndex, "byTrace">;
let tables = 0;

const indexes: Readonly<Record<string, () => Promise<Index>>> = {
  memory: async () => memoryEventIndex(),
  DynamoDB: async () => {
    tables += 1;
    const table = { client: dynamoDb.client, tableName: `Index${tables}` };
    await createIndexTable(table.client, table.tableName);
    return { ...dynamoDbEventIndex(table), ...dynamoDbBreakGlassIndex(table), ...dynamoDbDeliveryIndex(table) };
  },
};

function did(principal: string, time: number, breakGlass?: string): IndexEntry {
  const eventKey = `${new Date(time).toISOString()}#${crypto.randomUUID()}`;
  const what = { action: "deploy.change" as const, operation: "UpdateService" };
  return { principal, eventKey, ...what, ...(breakGlass !== undefined && { breakGlass }) };
}

describe.each(Object.keys(indexes))("%s index of emergency access", (kind) => {
  const createIndex = async (entries: readonly IndexEntry[]) => {
    const index = (await indexes[kind]?.()) ?? memoryEventIndex();
    await index.write({ origin: "o", time: 0, from: 0, size: entries.length, entries });
    return index;
  };

  test("tells of each hour once, whoever did how much in it", async () => {
    const many = Array.from({ length: 120 }, (_, i) => did("session", NOON + i * 1_000, "session"));
    const index = await createIndex([
      ...many,
      did("bo", NOON + 5, "session"),
      did("session", NOON + HOUR_MS, "session"),
    ]);
    const hours = await index.emergencyHours(ALL);
    expect(hours.map(({ hour }) => hour)).toEqual([NOON, NOON, NOON + HOUR_MS]);
    expect(
      hours
        .slice(0, 2)
        .map(({ principal }) => principal)
        .toSorted(),
    ).toEqual(["bo", "session"]);
    await index.write({ origin: "o", time: 1, from: 0, size: many.length, entries: many });
    expect(await index.emergencyHours(ALL)).toEqual(hours);
  });

  test("tells the hours that overlap a range, both ends in it", async () => {
    const index = await createIndex([did("s", NOON, "s"), did("s", NOON + 3 * HOUR_MS, "s")]);
    const between = async (since: number, until: number) =>
      (await index.emergencyHours({ since, until })).map(({ hour }) => (hour - NOON) / HOUR_MS);
    expect(await between(NOON + 1, NOON + 2)).toEqual([0]);
    expect(await between(NOON + HOUR_MS, NOON + 3 * HOUR_MS)).toEqual([3]);
    expect(await between(NOON + HOUR_MS, NOON + 3 * HOUR_MS - 1)).toEqual([]);
  });

  test("answers with what was done in an hour, from either end, and with nothing else of whoever did it", async () => {
    const mine = [1, 2, 3, 4].map((i) => did("bo", NOON + i, "s"));
    const others = [
      did("bo", NOON, "other"),
      did("bo", NOON + 9),
      did("bo", NOON + HOUR_MS, "s"),
      did("ana", NOON, "s"),
    ];
    const index = await createIndex([...others, ...mine.toReversed()]);
    const hour = { session: "s", principal: "bo", hour: NOON };
    const times = async (limit: number, from: "first" | "last", since = NOON) =>
      (await index.accessesIn(hour, { since, limit, from })).map(({ eventKey }) => eventKey);
    const keys = mine.map(({ eventKey }) => eventKey);
    expect(await times(9, "first")).toEqual(keys);
    expect(await times(2, "first", NOON + 2)).toEqual(keys.slice(1, 3));
    expect(await times(2, "last")).toEqual(keys.slice(2).toReversed());
    expect(await index.accessesIn(hour, { since: NOON, limit: 1, from: "first" })).toMatchObject([{ breakGlass: "s" }]);
  });

  test("says of an entry that is found by its delivery that it was emergency access", async () => {
    const index = await createIndex([
      { ...did("s", NOON, "s"), trace: "execution" },
      { ...did("s", NOON + 1), trace: "execution" },
    ]);
    expect((await index.byTrace("execution")).map(({ breakGlass }) => breakGlass)).toEqual(["s", undefined]);
  });

  test("takes any text for a session and a principal, and a key that tells no time", async () => {
    const hostile = ["", "#", "#emergency", `\ud800${"x".repeat(5_000)}`, "ü".repeat(700)];
    const index = await createIndex([
      ...hostile.map((name) => did(name, NOON, name)),
      { ...did("s", NOON, "s"), eventKey: "no time" },
    ]);
    const hours = await index.emergencyHours(ALL);
    expect(hours.filter(({ principal }) => principal !== "s")).toHaveLength(hostile.length);
    for (const hour of hours) {
      expect(await index.accessesIn(hour, { since: NOON, limit: 9, from: "first" })).toHaveLength(1);
    }
  });
});

test("a thousand accesses of one batch cost one item more", async () => {
  const tableName = "Counted";
  await createIndexTable(dynamoDb.client, tableName);
  const put: string[] = [];
  dynamoDb.client.middlewareStack.add(
    (next) => async (args) => {
      const { RequestItems = {} } = args.input as { RequestItems?: Record<string, readonly Put[]> };
      put.push(...(RequestItems[tableName] ?? []).flatMap(({ PutRequest }) => PutRequest?.Item["principal"]?.S ?? []));
      return next(args);
    },
    { step: "initialize", name: "counting" },
  );
  const entries = Array.from({ length: 1_000 }, (_, i) => did("s", NOON + i, "s"));
  await dynamoDbEventIndex({ client: dynamoDb.client, tableName }).write({
    origin: "o",
    time: 0,
    from: 0,
    size: 1_000,
    entries,
  });
  dynamoDb.client.middlewareStack.remove("counting");
  expect(put.filter((principal) => principal === "#emergency")).toHaveLength(1);
  expect(put.filter((principal) => principal === "s")).toHaveLength(1_000);
});

interface Put {
  readonly PutRequest?: { readonly Item: Record<string, { readonly S?: string }> };
}
