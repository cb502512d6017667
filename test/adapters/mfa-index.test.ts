/** The contract of the index of what was told of accounts' second factors, in memory and on DynamoDB. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbMfaIndex } from "../../lib/adapters/dynamodb-mfa-index.ts";
import { dynamoDbSessionIndex } from "../../lib/adapters/dynamodb-session-index.ts";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import type { MfaState } from "../../lib/core/access/mfa.ts";
import { MAX_TELLINGS, type MfaIndex } from "../../lib/core/access/mfa-index.ts";
import type { EventIndex } from "../../lib/core/evidence/event-index.ts";
import type { IndexEntry } from "../../lib/core/record/index-entry.ts";
import type { SessionIndex } from "../../lib/core/record/session-holder.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";

const TABLE = "Index";
const NOON = Date.parse("2026-11-24T12:00:00Z");
let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  await createIndexTable(dynamoDb.client, TABLE);
});
afterAll(() => dynamoDb.close());

const indexes: Readonly<Record<string, () => Pick<EventIndex, "write"> & MfaIndex & SessionIndex>> = {
  memory: () => memoryEventIndex(),
  DynamoDB: () => {
    const table = { client: dynamoDb.client, tableName: TABLE };
    return { ...dynamoDbEventIndex(table), ...dynamoDbMfaIndex(table), ...dynamoDbSessionIndex(table) };
  },
};

function told(time: number, mfa: MfaState, ...mfaOf: readonly string[]): IndexEntry {
  const id = crypto.randomUUID();
  const eventKey = `${new Date(time).toISOString()}#${id}`;
  return { principal: "unknown", eventKey, action: "access.sign-in", operation: "ConsoleLogin", mfa, mfaOf };
}

describe.each(Object.keys(indexes))("%s index of second factors", (kind) => {
  const createIndex = () => indexes[kind]?.() ?? memoryEventIndex();

  test("tells what was told of an account in the time asked about, newest first, whichever came first", async () => {
    const index = createIndex();
    const later = [told(NOON, "yes", "sso:ana", "sso:ana@acme.example"), told(NOON + 1, "no", "sso:ana")];
    await index.write({ origin: "mfa", time: 0, from: 0, size: 2, entries: later });
    const earlier = [told(NOON - 1_000, "unknown", "sso:ana"), told(NOON - 1_001, "no", "sso:ana")];
    await index.write({ origin: "mfa", time: 1, from: 2, size: 4, entries: earlier });
    expect(await index.tellingsOf("sso:ana", { since: NOON - 1_000, until: NOON })).toEqual([
      { time: NOON, mfa: "yes" },
      { time: NOON - 1_000, mfa: "unknown" },
    ]);
    expect(await index.tellingsOf("sso:ana@acme.example", { since: 0, until: NOON })).toHaveLength(1);
    expect(await index.tellingsOf("sso:bo", { since: 0, until: NOON })).toEqual([]);
    expect(await index.tellingsOf("", { since: 0, until: NOON })).toEqual([]);
  });

  test("keeps to the latest of many, and says the same once when a commit is written again", async () => {
    const index = createIndex();
    const account = `sso:${kind}-many`;
    const entries = Array.from({ length: MAX_TELLINGS + 10 }, (_, i) => told(NOON + i, "yes", account));
    const commit = { origin: "many", time: 0, from: 0, size: entries.length, entries };
    await index.write(commit);
    await index.write(commit);
    const tellings = await index.tellingsOf(account, { since: NOON, until: NOON + 1_000 });
    expect(tellings).toHaveLength(MAX_TELLINGS);
    expect(tellings[0]?.time).toBe(NOON + MAX_TELLINGS + 9);
  });

  test("takes any text for an account, one told of twice by one event, and what no account is named for", async () => {
    const index = createIndex();
    const hostile = `sso:\ud800${"x".repeat(5_000)}`;
    const entries = [told(NOON, "no", hostile, hostile), told(NOON, "yes"), told(NOON, "yes", "#commit/x")];
    await index.write({ origin: "hostile", time: 0, from: 0, size: 3, entries });
    expect(await index.tellingsOf(hostile, { since: NOON, until: NOON })).toEqual([{ time: NOON, mfa: "no" }]);
  });

  test("says with a session what is known of its opening", async () => {
    const index = createIndex();
    const issued = `ASIA${kind}MFA`;
    const entries = [{ ...told(NOON, "no"), action: "access.assume" as const, issued }];
    await index.write({ origin: "session", time: 0, from: 0, size: 1, entries });
    expect((await index.holdersOf([issued])).get(issued)).toEqual({ principal: "unknown", mfa: "no" });
  });
});

test("a table that cannot be read is no answer: the batch comes again", async () => {
  const index = dynamoDbMfaIndex({ client: dynamoDb.client, tableName: "NoSuchTable" });
  await expect(index.tellingsOf("sso:ana", { since: 0, until: NOON })).rejects.toMatchObject({ code: "UNAVAILABLE" });
});
