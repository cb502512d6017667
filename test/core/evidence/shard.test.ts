/** Which shard an event goes to, and what shards are called. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPlace, parsePlace } from "../../../lib/core/evidence/entry-place.ts";
import {
  ALL_SHARDS,
  MAX_SHARDS,
  shardFor,
  shardOf,
  shardOrigin,
  shardPrefix,
  splitShardPath,
} from "../../../lib/core/evidence/shard.ts";
import { keysOfShards, shardKey } from "../../../lib/core/evidence/shard-keys.ts";
import { splitByShard } from "../../../lib/core/evidence/sharded-append.ts";
import { eventEntry, eventRange } from "./log-world.ts";
import { LOG_SEED, testSigner } from "./test-signers.ts";

const FIRST = "gatebook.acme/111122223333/eu-west-1/0";

describe("an event's shard", () => {
  test("is the one that it has always been", () => {
    // Written down once: another answer would put an event that is delivered again into another shard.
    const of = (event: number) => shardFor(eventEntry(event).index, MAX_SHARDS);
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(of)).toEqual([7, 9, 10, 11, 7, 6, 13, 14]);
  });

  test("is chosen by the identity where the time is that of the arrival", () => {
    const at = (time: string) => ({ principal: "github:ana", eventKey: `${time}#push`, identity: "push/7" });
    const shards = ["2026-11-22T08:00:00.000Z", "2026-11-23T09:00:00.000Z"].map((time) => shardFor(at(time), 16));
    expect(shards[0]).toBe(shards[1]);
  });

  test.each([2, 3, 7, 16])("is one of %i, each as good as any other", (shards) => {
    const events = 16_000;
    const batches = splitByShard(eventRange(0, events), shards);
    expect([...batches.keys()].sort((a, b) => a - b)).toEqual(ALL_SHARDS.slice(0, shards));
    const expected = events / shards;
    // Five times what a fair choice strays by.
    const slack = 5 * Math.sqrt(expected);
    for (const { length } of batches.values()) expect(Math.abs(length - expected)).toBeLessThan(slack);
  });

  test("does not depend on the batch, and the order within a shard is that of the batch", () => {
    const events = fc.uniqueArray(fc.nat(500), { maxLength: 60 });
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: MAX_SHARDS }), (numbers, shards) => {
        const entries = numbers.map(eventEntry);
        const batches = [...splitByShard(entries, shards)];
        for (const [shard, batch] of batches) {
          expect(batch).toEqual(entries.filter(({ index }) => shardFor(index, shards) === shard));
        }
        expect(batches.reduce((sum, [, { length }]) => sum + length, 0)).toBe(entries.length);
      }),
    );
  });

  test("is the first where there is one only, and an empty batch goes to all", () => {
    expect([...splitByShard(eventRange(0, 9), 1)]).toEqual([[0, eventRange(0, 9)]]);
    expect([...splitByShard([], 3)]).toEqual([
      [0, []],
      [1, []],
      [2, []],
    ]);
  });
});

test("every shard has an origin of its own, which tells it", () => {
  expect(ALL_SHARDS.map((shard) => shardOf(shardOrigin(FIRST, shard)))).toEqual([...ALL_SHARDS]);
  expect(shardOrigin(FIRST, 12)).toBe("gatebook.acme/111122223333/eu-west-1/12");
});

test.each(["gatebook.acme/1/eu-west-1/1", "log.example/acme", "log.example/00", "0", "/0", ""])(
  "%j is not the first of several",
  (origin) => expect(() => shardOrigin(origin, 1)).toThrow(/is not the first shard/),
);

test.each(["log.example/acme", "log.example/16", "log.example/01", "log.example/1/", "log.example/-1", "7"])(
  "%j has no shards",
  (origin) => expect(shardOf(origin)).toBe(0),
);

test("a path says whose object it is, and each shard has its own", () => {
  for (const shard of ALL_SHARDS) {
    for (const path of ["checkpoint", "tile/0/000.p/7", `payload/${"0".repeat(64)}`]) {
      expect(splitShardPath(shardPrefix(shard) + path)).toEqual({ shard, path });
    }
  }
});

test.each([
  "shard/0/checkpoint",
  "shard/16/checkpoint",
  "shard/01/checkpoint",
  "shard//checkpoint",
  "shard/1",
  "Shard/1/x",
])("%s is no other shard's", (path) => expect(splitShardPath(path)).toEqual({ shard: 0, path }));

test("a place is read as it is written", () => {
  const places = fc.record({ shard: fc.nat(MAX_SHARDS - 1), index: fc.nat(2 ** 31 - 1) });
  fc.assert(
    fc.property(places, (place) => {
      expect(parsePlace(formatPlace(place))).toEqual(place);
    }),
  );
  expect(parsePlace("#1234")).toEqual({ shard: 0, index: 1234 });
});

test.each(["", "#", "1234", "#-1", "#1/", "#/1", "#16/1", "#1/2/3", "#1.5", "# 1", `#${"9".repeat(16)}`, "#1\n"])(
  "%j is no place",
  (text) => expect(parsePlace(text)).toBeUndefined(),
);

describe("keys", () => {
  const key = (shard: number) => testSigner(shardOrigin(FIRST, shard), LOG_SEED).key;

  test("the first shard's is that of the others, under their names", () => {
    expect(shardKey(key(0), 3)).toEqual(key(3));
    expect([...keysOfShards([key(0)])]).toEqual(ALL_SHARDS.map((shard) => [shard, key(shard)]));
  });

  test("another shard's is no other's", () => {
    expect([...keysOfShards([key(3)])]).toEqual([[0, key(3)]]);
    expect([...keysOfShards([key(3), key(5)]).keys()]).toEqual([3, 5]);
    expect(() => shardKey(key(3), 1)).toThrow(/is not the first shard/);
  });

  test("one that was given is taken as it was given", () => {
    const replaced = testSigner(shardOrigin(FIRST, 1), Buffer.alloc(32, 9)).key;
    expect(keysOfShards([key(0), replaced]).get(1)).toBe(replaced);
  });
});
