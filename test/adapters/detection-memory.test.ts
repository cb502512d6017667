/** What detections remember, under one contract, in memory and on DynamoDB. */
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DetectionMemory, memoryName } from "../../lib/core/detections/memory/detection-memory.ts";
import { transientMemory } from "../../lib/core/detections/memory/transient-memory.ts";
import {
  candidatesOf,
  correlationText,
  detectorOf,
  kindRule,
  ruleSet,
  subjectsOf,
  type TestEvent,
} from "../core/detections/correlation/rule-sets.ts";
import { memoryOnDynamoDb } from "./detection-tables.ts";
import { startDynamoDb } from "./dynalite.ts";

const NOW = Date.UTC(2026, 10, 24);
let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

const onDynamoDb = () => memoryOnDynamoDb(dynamoDb.client, () => NOW);

const kinds: [string, () => Promise<DetectionMemory>][] = [
  ["memory", async () => transientMemory()],
  ["DynamoDB", onDynamoDb],
];

const place = { key: "k", bucket: "1" };

describe.each(kinds)("%s detection memory", (_, create) => {
  const bucketIn = async (memory: DetectionMemory) => (await memory.recall([place])).get(memoryName(place));

  test("adds to what is there, twice as once, and removes what is superfluous", async () => {
    const memory = await create();
    expect(await memory.recall([place, { key: "k", bucket: "2" }])).toEqual(new Map());
    await memory.remember([{ ...place, add: ["a", "b"], remove: [], expires: NOW }]);
    await memory.remember([{ ...place, add: ["b", "c", "c"], remove: ["a", "unknown"] }]);
    expect(await bucketIn(memory)).toEqual({ members: new Set(["b", "c"]) });
  });

  test("takes additions of many at once, and loses none", async () => {
    const memory = await create();
    const texts = Array.from({ length: 40 }, (_unused, i) => String(i));
    await Promise.all(texts.map((text) => memory.remember([{ ...place, add: [text], remove: [] }])));
    expect((await bucketIn(memory))?.members).toEqual(new Set(texts));
  });

  test("gives a bucket to one of many who claim it at once, and to the same for ever", async () => {
    const memory = await create();
    const owners = await Promise.all(["a", "b", "c", "d"].map((owner) => memory.claim(place, owner, NOW)));
    expect(new Set(owners).size).toBe(1);
    expect(await memory.claim(place, "e")).toBe(owners[0]);
    await memory.remember([{ ...place, add: ["x"], remove: ["x"] }]);
    await memory.remember([{ ...place, add: ["y"], remove: [] }]);
    expect(await bucketIn(memory)).toEqual({ members: new Set(["y"]), owner: owners[0] });
  });

  test("recalls any number of buckets, some of them named twice", async () => {
    const memory = await create();
    const places = Array.from({ length: 230 }, (_unused, i) => ({ key: `key ${i}`, bucket: "1" }));
    await memory.remember(places.map((each) => ({ ...each, add: [each.key], remove: [] })));
    const recalled = await memory.recall([...places, ...places]);
    expect(recalled.size).toBe(230);
    for (const each of places) expect(recalled.get(memoryName(each))?.members).toEqual(new Set([each.key]));
  });

  const event = fc.record({
    at: fc.integer({ min: 0, max: 30 }),
    who: fc.constantFrom("x", "y"),
    what: fc.constantFrom("1", "2", "3"),
  });

  test("correlations and first sightings come to the same in any order of arrival", async () => {
    const rules = ruleSet(
      kindRule("read"),
      kindRule("new", "first_seen: { fields: [who], within: 1d, learn: 1s }\n"),
      correlationText(
        "type: value_count\nrules: [read]\ngroup-by: [who]\ntimespan: 10s\ncondition: { field: what, gte: 3 }",
      ),
    );
    const first = { kind: "new", id: "first", at: -5, who: "z" };
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        async (found, random) => {
          const events = found.flatMap((each, i): TestEvent[] => [
            { ...each, kind: "read", id: `r${i}` },
            { ...each, kind: "new", id: `n${i}` },
          ]);
          const mixed = events
            .map((each) => ({ each, rank: random.next().value }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ each }) => each);
          const batches = [[first], mixed.slice(0, 5), mixed.slice(5), mixed.slice(0, 3)].map(candidatesOf);
          const subjects = await subjectsOf(detectorOf(rules, await create()), batches);
          const inOrder = await subjectsOf(detectorOf(rules, transientMemory()), [[first], events].map(candidatesOf));
          expect([...new Set(subjects)]).toEqual(inOrder);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe("DynamoDB detection memory", () => {
  test("lets buckets expire after their time, and none in the past, which DynamoDB may keep for ever", async () => {
    const memory = await onDynamoDb();
    const expiryOf = async (bucket: string) => {
      const Key = { key: { S: "k" }, bucket: { S: bucket } };
      const { Item } = await dynamoDb.client.send(new GetItemCommand({ TableName: memory.tableName, Key }));
      return Item?.["expires"]?.N;
    };
    await memory.remember([{ key: "k", bucket: "future", add: ["a"], remove: [], expires: NOW * 2 }]);
    await memory.remember([{ key: "k", bucket: "kept", add: ["a"], remove: [] }]);
    await memory.claim({ key: "k", bucket: "past" }, "me", 0);
    expect(await expiryOf("future")).toBe(String((NOW * 2) / 1000));
    expect(await expiryOf("kept")).toBeUndefined();
    expect(await expiryOf("past")).toBe(String(NOW / 1000 + 24 * 60 * 60));
  });

  test("a bucket as large as an item can be holds up nothing", async () => {
    const memory = await onDynamoDb();
    const large = (i: number) => ({ ...place, add: [`${i}${"x".repeat(150_000)}`], remove: [] });
    for (const i of [1, 2, 3, 4]) await memory.remember([large(i)]);
    expect((await memory.recall([place])).get(memoryName(place))?.members.size).toBe(2);
    expect(await memory.claim(place, "me")).toBe("me");
  });
});
