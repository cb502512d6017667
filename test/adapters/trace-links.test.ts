/** The contract of the links between traces, in memory and on DynamoDB. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbDeliveryIndex } from "../../lib/adapters/dynamodb-delivery-index.ts";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import type { EventIndex } from "../../lib/core/evidence/event-index.ts";
import { type DeliveryIndex, MAX_LINKS } from "../../lib/core/record/delivery-index.ts";
import type { IndexEntry } from "../../lib/core/record/index-entry.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

async function createDynamoDbIndex(): Promise<EventIndex & DeliveryIndex> {
  const tableName = `index-${randomUUID()}`;
  await createIndexTable(dynamoDb.client, tableName);
  const options = { client: dynamoDb.client, tableName };
  return { ...dynamoDbEventIndex(options), ...dynamoDbDeliveryIndex(options) };
}

function tie(trace: string, ...links: readonly string[]): IndexEntry {
  const eventKey = `2026-11-22T08:00:00.000Z#${randomUUID()}`;
  return { principal: "p", eventKey, action: "other", operation: "Op", trace, links };
}

describe.each([
  ["memory", async () => memoryEventIndex()],
  ["DynamoDB", createDynamoDbIndex],
])("%s links", (_, createIndex) => {
  let index: EventIndex & DeliveryIndex;
  const write = (...entries: IndexEntry[]) =>
    index.write({ origin: "log.example/acme", time: 0, from: 0, size: entries.length, entries });
  beforeEach(async () => {
    index = await createIndex();
  });

  test("are found from both ends, each once, however often they are told", async () => {
    await write(tie("execution-1", "commit:a", "codebuild:b"), tie("execution-1", "commit:a", "commit:a"));
    await write(tie("execution-1", "commit:a"), tie("commit:a", "execution-1"));
    expect(await index.linksOf("execution-1")).toEqual(["commit:a", "codebuild:b"]);
    expect(await index.linksOf("commit:a")).toEqual(["execution-1"]);
    expect(await index.linksOf("codebuild:b")).toEqual(["execution-1"]);
    expect(await index.linksOf("commit:b")).toEqual([]);
  });

  test("of a commit that was delivered again and again begin with its pull request", async () => {
    await write(...Array.from({ length: MAX_LINKS + 50 }, (_entry, i) => tie(`execution-${i}`, "commit:a")));
    await write(tie("github:acme/shop/pull/7", "commit:a"));
    const links = await index.linksOf("commit:a");
    expect(links).toHaveLength(MAX_LINKS);
    expect(links[0]).toBe("github:acme/shop/pull/7");
  });

  test("are no events of the trace, and lead from nothing to nothing", async () => {
    await write(tie("execution-1", "commit:a", "", "execution-1"), tie("", "commit:b"));
    expect(await index.linksOf("execution-1")).toEqual(["commit:a"]);
    expect(await index.linksOf("")).toEqual([]);
    expect(await index.linksOf("commit:b")).toEqual([]);
    expect(await index.byTrace("execution-1")).toHaveLength(1);
  });

  test("take any text for a name", async () => {
    const hostile = ["#link/commit:a", "\ud800", "x".repeat(5_000), "__proto__", "a#b\u0000"];
    await write(tie("execution-1", ...hostile), ...hostile.map((name) => tie(name, "commit:a")));
    expect(await index.linksOf("execution-1")).toHaveLength(hostile.length);
    for (const name of hostile) expect(await index.linksOf(name)).toContain("execution-1");
  });
});
