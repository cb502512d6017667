/** The contract of the index and its secondary indexes, in memory and on DynamoDB. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbDeliveryIndex } from "../../lib/adapters/dynamodb-delivery-index.ts";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import { type EventIndex, keyName } from "../../lib/core/evidence/event-index.ts";
import { type DeliveryIndex, MAX_TRACE_ENTRIES } from "../../lib/core/record/delivery-index.ts";
import type { IndexEntry } from "../../lib/core/record/index-entry.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";
import { commit, entry, START } from "./index-entries.ts";

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let tableName: string;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

async function createDynamoDbIndex(): Promise<EventIndex & DeliveryIndex> {
  tableName = `index-${randomUUID()}`;
  await createIndexTable(dynamoDb.client, tableName);
  const options = { client: dynamoDb.client, tableName };
  return { ...dynamoDbEventIndex(options), ...dynamoDbDeliveryIndex(options) };
}

/** As they were written: the place in the log is what the index adds. */
function withoutPlaces(entries: readonly IndexEntry[]): IndexEntry[] {
  return entries.map(({ logIndex, ...written }) => {
    expect(logIndex).toBeTypeOf("number");
    return written;
  });
}

describe.each([
  ["memory", async () => memoryEventIndex()],
  ["DynamoDB", createDynamoDbIndex],
])("%s index", (_, createIndex) => {
  let index: EventIndex & DeliveryIndex;
  beforeEach(async () => {
    index = await createIndex();
  });

  test("knows what was written and nothing else", async () => {
    const written = Array.from({ length: 260 }, (_event, i) => entry(i));
    await index.write(commit(written));
    const known = await index.known([...written, entry(1000), { ...entry(0), principal: "someone else" }]);
    expect(known).toEqual(new Set(written.map(keyName)));
    expect(await index.known([])).toEqual(new Set());
  });

  test("answers once for a key that is asked for twice", async () => {
    await index.write(commit([entry(0)]));
    expect(await index.known([entry(0), entry(1), entry(0), entry(1)])).toEqual(new Set([keyName(entry(0))]));
  });

  test("may be told the same twice", async () => {
    const written = [entry(0, { resource: "r" }), entry(1, { resource: "r" })];
    await index.write(commit(written));
    await index.write(commit(written));
    expect(await index.byResource("r", { before: START + 10_000, limit: 10 })).toHaveLength(2);
  });

  test("knows an event by its identity, whatever its time and place", async () => {
    const written = [entry(0, { identity: "i" }), entry(1, { identity: "j".repeat(9000) }), entry(2)];
    await index.write(commit(written));
    await index.write(commit([entry(3, { identity: "i" })], 3));
    const again = [entry(10, { identity: "i" }), entry(11, { identity: "j".repeat(9000), principal: "someone else" })];
    const other = [entry(12, { identity: "k" }), entry(13)];
    expect(await index.known([...again, ...other, ...written])).toEqual(new Set([...again, ...written].map(keyName)));
  });

  test("finds what touched a resource before a time, newest first", async () => {
    const touching = Array.from({ length: 30 }, (_event, i) =>
      entry(i, { resource: "pipeline/shop", finding: "high" }),
    );
    await index.write(commit([...touching, entry(31, { resource: "pipeline/other" }), entry(32)]));
    const newestFirst = touching.toReversed();
    expect(withoutPlaces(await index.byResource("pipeline/shop", { before: START + 60_000, limit: 100 }))).toEqual(
      newestFirst,
    );
    expect(withoutPlaces(await index.byResource("pipeline/shop", { before: START + 60_000, limit: 3 }))).toEqual(
      newestFirst.slice(0, 3),
    );
    expect(withoutPlaces(await index.byResource("pipeline/shop", { before: START + 2000, limit: 100 }))).toEqual(
      newestFirst.slice(-2),
    );
    expect(await index.byResource("nothing", { before: START + 60_000, limit: 100 })).toEqual([]);
  });

  test("finds a delivery by its trace, oldest first, whoever took part", async () => {
    const delivery = [3, 1, 2].map((event) => entry(event, { trace: "execution-1", principal: `user-${event}` }));
    await index.write(commit([...delivery, entry(4, { trace: "execution-2" })]));
    expect((await index.byTrace("execution-1")).map(({ principal }) => principal)).toEqual([
      "user-1",
      "user-2",
      "user-3",
    ]);
    expect(await index.byTrace("execution-3")).toEqual([]);
  });

  test("of a trace that is too long finds the first and the last", async () => {
    const calls = Array.from({ length: MAX_TRACE_ENTRIES + 10 }, (_event, i) => entry(i, { trace: "flooded" }));
    await index.write(commit(calls));
    const found = await index.byTrace("flooded");
    expect(withoutPlaces(found)).toEqual([
      ...calls.slice(0, MAX_TRACE_ENTRIES / 2),
      ...calls.slice(-MAX_TRACE_ENTRIES / 2),
    ]);
    const shorter = calls.slice(0, MAX_TRACE_ENTRIES - 10).map((call) => ({ ...call, trace: "long" }));
    await index.write(
      commit(
        shorter.map((call) => ({ ...call, principal: "someone else" })),
        2_000,
      ),
    );
    expect(await index.byTrace("long")).toHaveLength(shorter.length);
  });

  test("gives back every member of an entry", async () => {
    const whole = entry(0, {
      action: "pipeline.approve",
      operation: "PutApprovalResult",
      person: "ana@acme.example",
      resource: "pipeline/shop",
      trace: "execution-1",
      status: 1,
      finding: "critical",
    });
    await index.write(commit([whole]));
    const stored = { ...whole, logIndex: 0 };
    expect(await index.byTrace("execution-1")).toEqual([stored]);
    expect(await index.byResource("pipeline/shop", { before: START + 1, limit: 1 })).toEqual([stored]);
  });

  const hostile: [string, Partial<IndexEntry>][] = [
    ["empty texts", { principal: "", eventKey: "", resource: "", trace: "", operation: "", person: "" }],
    [
      "texts over every limit",
      {
        principal: "p".repeat(5000),
        eventKey: `2026#${"é".repeat(5000)}`,
        resource: "r".repeat(9000),
        trace: "t".repeat(9000),
        operation: "o".repeat(500_000),
        person: "w".repeat(500_000),
      },
    ],
    ["broken characters", { principal: "a\ud800", resource: "\udfff", trace: "\u0000\uffff", operation: "\ud800" }],
    ["a commit's name", { principal: "#commit/log.example/acme" }],
  ];
  test.each(hostile)("takes %s and knows them again", async (_what, more) => {
    const written = entry(0, more);
    await index.write(commit([written]));
    expect(await index.known([written])).toEqual(new Set([keyName(written)]));
    const neighbour = { ...written, principal: `${written.principal}x` };
    expect(await index.known([neighbour])).toEqual(new Set());
    if (written.resource)
      expect(await index.byResource(written.resource, { before: START + 1e9, limit: 9 })).toHaveLength(1);
    if (written.trace) expect(await index.byTrace(written.trace)).toHaveLength(1);
    expect(await index.byTrace("")).toHaveLength(0);
  });
});
