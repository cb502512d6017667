/** The contract of histories, in memory and on DynamoDB. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbPrincipalHistory } from "../../lib/adapters/dynamodb-principal-history.ts";
import { memoryPrincipalHistory } from "../../lib/adapters/memory-principal-history.ts";
import type { IndexEntry } from "../../lib/core/record/index-entry.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";

const TABLE = "Index";
const ANA = "arn:aws:iam::111122223333:user/ana";
const entry = (principal: string, minute: number): IndexEntry => ({
  principal,
  eventKey: `2026-11-26T02:${String(minute).padStart(2, "0")}:00.000Z#event-${minute}`,
  action: "secret.read",
  operation: "GetSecretValue",
});
const ENTRIES = [1, 2, 3, 4, 5, 6].map((minute) => entry(ANA, minute)).concat(entry("github:bochen", 3));
const at = (minute: number): number => Date.parse("2026-11-26T02:00:00Z") + minute * 60_000;

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  await createIndexTable(dynamoDb.client, TABLE);
  const index = dynamoDbEventIndex({ client: dynamoDb.client, tableName: TABLE });
  await index.write({ origin: "log", time: at(9), size: ENTRIES.length, from: 0, entries: ENTRIES });
});
afterAll(() => dynamoDb.close());

const histories = {
  memory: () => memoryPrincipalHistory(ENTRIES),
  DynamoDB: () => dynamoDbPrincipalHistory({ client: dynamoDb.client, tableName: TABLE }),
};
const idsOf = (entries: readonly IndexEntry[]): string[] => entries.map(({ eventKey }) => eventKey.split("#")[1] ?? "");

describe.each(["memory", "DynamoDB"] as const)("%s principal history", (kind) => {
  test("answers with the latest before a time, newest first, without it", async () => {
    const found = await histories[kind]().before(ANA, at(4), 2);
    expect(idsOf(found)).toEqual(["event-3", "event-2"]);
    expect(found[0]).toMatchObject({ principal: ANA, action: "secret.read", operation: "GetSecretValue" });
  });

  test("answers with the first since a time, oldest first, with it", async () => {
    expect(idsOf(await histories[kind]().since(ANA, at(4), 2))).toEqual(["event-4", "event-5"]);
  });

  test.each(["nobody", "", "#commit/log", "x".repeat(10_000)])("knows nothing of %.20s", async (principal) => {
    const history = histories[kind]();
    expect([await history.before(principal, at(9), 5), await history.since(principal, 0, 5)]).toEqual([[], []]);
  });
});
