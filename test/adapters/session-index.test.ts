/** The contract of the session index, in memory and on DynamoDB. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbSessionIndex } from "../../lib/adapters/dynamodb-session-index.ts";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import type { EventIndex } from "../../lib/core/evidence/event-index.ts";
import type { IndexEntry } from "../../lib/core/record/index-entry.ts";
import type { SessionIndex } from "../../lib/core/record/session-holder.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";

const TABLE = "Index";
let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  await createIndexTable(dynamoDb.client, TABLE);
});
afterAll(() => dynamoDb.close());

const indexes: Readonly<Record<string, () => Pick<EventIndex, "write"> & SessionIndex>> = {
  memory: () => memoryEventIndex(),
  DynamoDB: () => {
    const table = { client: dynamoDb.client, tableName: TABLE };
    return { ...dynamoDbEventIndex(table), ...dynamoDbSessionIndex(table) };
  },
};

function assumed(credential: string, person?: string): IndexEntry {
  return {
    principal: `arn:aws:iam::111122223333:user/${credential}`,
    eventKey: `2026-11-18T10:00:00.000Z#${credential}`,
    action: "access.assume",
    operation: "AssumeRole",
    issued: credential,
    ...(person !== undefined && { person }),
  };
}

describe.each(Object.keys(indexes))("%s session index", (kind) => {
  test("knows who was handed which credentials, and nothing of others", async () => {
    const index = indexes[kind]?.() ?? memoryEventIndex();
    const entries = [assumed("ASIAONE", "ana@acme.example"), assumed("ASIATWO")];
    await index.write({ origin: "sessions", time: 0, from: 0, size: 2, entries });
    const holders = await index.holdersOf(["ASIAONE", "ASIATWO", "ASIATHREE", "", "#session/ASIAONE"]);
    expect(Object.fromEntries(holders)).toEqual({
      ASIAONE: { principal: "arn:aws:iam::111122223333:user/ASIAONE", person: "ana@acme.example" },
      ASIATWO: { principal: "arn:aws:iam::111122223333:user/ASIATWO" },
    });
  });

  test("answers about more credentials than one call takes, and about none", async () => {
    const index = indexes[kind]?.() ?? memoryEventIndex();
    const names = Array.from({ length: 250 }, (_, i) => `ASIA${kind}${i}`);
    await index.write({ origin: "many", time: 0, from: 0, size: 250, entries: names.map((name) => assumed(name)) });
    expect((await index.holdersOf(names)).size).toBe(250);
    expect((await index.holdersOf([])).size).toBe(0);
  });

  test("takes the last of two entries with one credential, and any text for one", async () => {
    const index = indexes[kind]?.() ?? memoryEventIndex();
    const hostile = `ASIA\ud800${"x".repeat(5_000)}`;
    const entries = [
      assumed("ASIATWICE", "ana@acme.example"),
      { ...assumed("ASIATWICE", "bo@acme.example"), eventKey: "2026#2" },
      assumed(hostile),
    ];
    await index.write({ origin: "twice", time: 0, from: 0, size: 3, entries });
    expect((await index.holdersOf(["ASIATWICE"])).get("ASIATWICE")?.person).toBe("bo@acme.example");
    expect((await index.holdersOf([hostile])).size).toBe(1);
  });
});
