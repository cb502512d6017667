/** The outbox's contract, in memory and on DynamoDB. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbOutbox } from "../../lib/adapters/dynamodb-outbox.ts";
import { memoryOutbox } from "../../lib/adapters/memory-outbox.ts";
import type { WaitingFinding } from "../../lib/core/alerting/outbox.ts";
import { findingWith } from "../core/alerting/findings.ts";
import { createOutboxTable } from "./alert-tables.ts";
import { startDynamoDb } from "./dynalite.ts";

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let tables = 0;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

const stores = {
  memory: async () => memoryOutbox(),
  DynamoDB: async () => {
    tables += 1;
    await createOutboxTable(dynamoDb.client, `Waiting${tables}`);
    return dynamoDbOutbox({ client: dynamoDb.client, tableName: `Waiting${tables}` });
  },
};
const waiting = (uid: string, due: number, reason: WaitingFinding["reason"] = "repeat"): WaitingFinding => ({
  due,
  reason,
  finding: findingWith({ uid }),
});
const uidsOf = (found: readonly WaitingFinding[]): string[] => found.map(({ finding }) => finding.uid);

describe.each(["memory", "DynamoDB"] as const)("%s outbox", (kind) => {
  test("answers with what is due, the longest due first, and with no more than was asked for", async () => {
    const outbox = await stores[kind]();
    for (const each of [waiting("c", 3_000), waiting("a", 1_000), waiting("b", 2_000, "storm")]) await outbox.put(each);
    expect(await outbox.due(2_000, 10)).toEqual([waiting("a", 1_000), waiting("b", 2_000, "storm")]);
    expect(uidsOf(await outbox.due(999, 10))).toEqual([]);
    expect(uidsOf(await outbox.due(9_999, 2))).toEqual(["a", "b"]);
  });

  test("keeps what is put twice once, and what is not removed for ever", async () => {
    const outbox = await stores[kind]();
    for (const uid of ["a", "b", "a"]) await outbox.put(waiting(uid, 1_000));
    expect(uidsOf(await outbox.due(1_000, 10))).toEqual(["a", "b"]);
    await outbox.remove([waiting("a", 1_000), waiting("a", 1_000), waiting("never put", 5)]);
    expect(uidsOf(await outbox.due(1e12, 10))).toEqual(["b"]);
  });

  test("removes more than one call can", async () => {
    const outbox = await stores[kind]();
    const all = Array.from({ length: 60 }, (_, i) => waiting(`finding-${i}`, 1_000 + i));
    for (const each of all) await outbox.put(each);
    await outbox.remove(await outbox.due(1e12, 1_000));
    expect(await outbox.due(1e12, 1_000)).toEqual([]);
  });

  test("takes a finding of any size and any letters", async () => {
    const outbox = await stores[kind]();
    const long = "\u{1f600}\ud800".repeat(200_000);
    const uids = ["长".repeat(1_000), `${"长".repeat(1_000)}.`];
    for (const uid of uids) {
      const finding = findingWith({ uid, principal: long, why: long, next: Array(500).fill(long) });
      await outbox.put({ due: 1, reason: "storm", finding });
    }
    const found = await outbox.due(1, 10);
    expect(uidsOf(found).sort()).toEqual(uids.sort());
    await outbox.remove(found);
    expect(await outbox.due(1, 10)).toEqual([]);
  });
});

test("on DynamoDB, what is no finding is named, so that somebody can take it out", async () => {
  const outbox = await stores.DynamoDB();
  const Item = { queue: { S: "waiting" }, due: { S: "1970-01-01T00:00:00.001Z#storm#x" }, finding: { S: "{" } };
  await dynamoDb.client.send(new PutItemCommand({ TableName: `Waiting${tables}`, Item }));
  await expect(outbox.due(1, 10)).rejects.toThrow(/1970-01-01T00:00:00\.001Z#storm#x/);
});
