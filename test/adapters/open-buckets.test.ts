/** Buckets that wait to be judged, under one contract, in memory and on DynamoDB. */
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DetectionMemory, memoryName } from "../../lib/core/detections/memory/detection-memory.ts";
import type { OpenBuckets } from "../../lib/core/detections/memory/open-buckets.ts";
import { transientMemory } from "../../lib/core/detections/memory/transient-memory.ts";
import { memoryOnDynamoDb } from "./detection-tables.ts";
import { startDynamoDb } from "./dynalite.ts";

const NOW = Date.UTC(2026, 10, 24);
let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

const onDynamoDb = (now = () => NOW) => memoryOnDynamoDb(dynamoDb.client, now);

const kinds: [string, (now?: () => number) => Promise<DetectionMemory & OpenBuckets>][] = [
  ["memory", async (now = () => NOW) => transientMemory(now)],
  ["DynamoDB", onDynamoDb],
];

const place = { key: "k", bucket: "1" };

describe.each(kinds)("a bucket that waits to be judged, in %s", (_, create) => {
  const bucketIn = async (memory: DetectionMemory) => (await memory.recall([place])).get(memoryName(place));

  const judged = (add: string, latest: string, { end = NOW + 100, latenessMs = 10, at = place } = {}) => ({
    ...at,
    add: [add],
    remove: [],
    judge: { end, latenessMs, latest: { at: latest, text: `about ${latest}` } },
  });
  const waitingIn = async (memory: DetectionMemory) => (await bucketIn(memory))?.waiting;

  test("is due some time after its end, once, and keeps what its latest event says", async () => {
    const memory = await create();
    await memory.remember([judged("a", "2")]);
    await memory.remember([judged("b", "3")]);
    await memory.remember([judged("c", "1")]);
    await memory.remember([judged("a", "2")]);
    expect(await bucketIn(memory)).toEqual({
      members: new Set(["a", "b", "c"]),
      waiting: { revision: expect.any(Number), latest: "about 3", isCut: false },
    });
    expect(await memory.due(NOW + 109, 10)).toEqual([]);
    expect(await memory.due(NOW + 110, 10)).toEqual([{ ...place, due: NOW + 110 }]);
  });

  test("is due some time after now where its end is over, and what comes then does not move that", async () => {
    let now = NOW;
    const memory = await create(() => now);
    await memory.remember([judged("a", "1", { end: 5 })]);
    now += 9;
    await memory.remember([judged("b", "2", { end: 5 })]);
    expect(await memory.due(NOW + 9, 10)).toEqual([]);
    expect(await memory.due(NOW + 10, 10)).toEqual([{ ...place, due: NOW + 10 }]);
  });

  test("is closed at the revision that was judged, and at no other; what comes later opens it again", async () => {
    let now = NOW;
    const memory = await create(() => now);
    await memory.remember([judged("a", "1")]);
    const { revision } = (await waitingIn(memory)) ?? { revision: -1 };
    await memory.remember([judged("b", "2")]);
    await memory.close(place, revision, NOW + 1_000);
    expect(await memory.due(NOW + 200, 10)).toHaveLength(1);
    const { revision: last } = (await waitingIn(memory)) ?? { revision: -1 };
    expect(last).not.toBe(revision);
    await memory.close(place, last, NOW + 1_000);
    await memory.close(place, last, NOW + 1_000);
    expect(await memory.due(NOW + 200, 10)).toEqual([]);
    expect(await bucketIn(memory)).toEqual({ members: new Set(["a", "b"]) });
    now = NOW + 500;
    await memory.remember([judged("c", "0")]);
    expect(await memory.due(NOW + 509, 10)).toEqual([]);
    expect(await memory.due(NOW + 510, 10)).toEqual([{ ...place, due: NOW + 510 }]);
    expect(await bucketIn(memory)).toMatchObject({
      members: new Set(["a", "b", "c"]),
      waiting: { latest: "about 2" },
    });
  });

  test("is listed among others, the oldest first, as many as are wanted", async () => {
    const memory = await create();
    const places = Array.from({ length: 30 }, (_unused, i) => ({ key: `key ${i}`, bucket: "1" }));
    await memory.remember(places.map((at, i) => judged("a", "1", { at, end: NOW + 100 + ((i * 7) % 30) })));
    await memory.remember([{ ...place, add: ["no judgement"], remove: [] }]);
    const due = (await memory.due(NOW * 2, 20)).map((each) => each.due);
    expect(due).toEqual(Array.from({ length: 20 }, (_unused, i) => NOW + 110 + i));
    expect(await memory.due(NOW * 2, 100)).toHaveLength(30);
  });

  test("takes many at once, and loses none", async () => {
    const memory = await create();
    const texts = Array.from({ length: 30 }, (_unused, i) => String(10 + i));
    await Promise.all(texts.map((text) => memory.remember([judged(text, text)])));
    expect(await bucketIn(memory)).toMatchObject({
      members: new Set(texts),
      waiting: { latest: "about 39", revision: 30 },
    });
  });
});

describe("DynamoDB", () => {
  test("forgets nothing that waits, and what was judged after its time", async () => {
    const memory = await onDynamoDb();
    const expiryOf = async () => {
      const Key = { key: { S: place.key }, bucket: { S: place.bucket } };
      const { Item } = await dynamoDb.client.send(new GetItemCommand({ TableName: memory.tableName, Key }));
      return Item?.["expires"]?.N;
    };
    const judge = { end: NOW, latenessMs: 0, latest: { at: "1", text: "x" } };
    await memory.remember([{ ...place, add: ["a"], remove: [], judge }]);
    expect(await expiryOf()).toBeUndefined();
    await memory.close(place, 1, NOW * 2);
    expect(await expiryOf()).toBe(String((NOW * 2) / 1000));
    await memory.remember([{ ...place, add: ["b"], remove: [], judge }]);
    expect(await expiryOf()).toBeUndefined();
  });

  test("says of a bucket that more belongs to it than an item can hold, and holds up nothing", async () => {
    const memory = await onDynamoDb();
    const judge = { end: NOW, latenessMs: 0, latest: { at: "1", text: "x" } };
    for (const i of [1, 2, 3, 4]) {
      const large = `${i}${"x".repeat(150_000)}`;
      await memory.remember([
        { ...place, add: [large], remove: [], judge: { ...judge, latest: { at: `${i}`, text: "x" } } },
      ]);
    }
    const [bucket] = (await memory.recall([place])).values();
    expect(bucket).toMatchObject({ waiting: { isCut: true } });
    expect(bucket?.members.size).toBe(2);
  });
});
