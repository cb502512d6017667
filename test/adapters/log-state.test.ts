/** How the evidence log stands, read from the same stores that recording and publishing write. */
import { expect, test } from "vitest";
import { logState } from "../../lib/adapters/log-state.ts";
import { memoryHeadStore } from "../../lib/adapters/memory-log-stores.ts";
import type { Head } from "../../lib/core/evidence/head.ts";
import { MAX_UNSIGNED_MS } from "../../lib/core/gate/evidence-state.ts";

const NOW = Date.parse("2026-11-24T10:15:00Z");
const headAt = (size: number): Head => ({
  origin: "o/0",
  version: 1,
  size,
  root: "ab".repeat(32),
  edge: [],
  staged: "s",
  commit: "c",
  updated: NOW,
});

test("each shard has its own head, checkpoint and past", async () => {
  const heads = new Map([
    [0, memoryHeadStore(headAt(7))],
    [2, memoryHeadStore(headAt(3))],
  ]);
  const asked: (readonly [time: number, shard: number])[] = [];
  const shards = await logState({
    headOf: (shard) => heads.get(shard) ?? memoryHeadStore(),
    log: { read: async (path) => Buffer.from(path) },
    index: {
      async sizeAt(time, shard) {
        asked.push([time, shard]);
        return shard + 1;
      },
    },
    now: () => NOW,
  });
  expect(
    shards.map(({ shard, head, checkpoint, sizeBefore }) => [shard, head?.size, String(checkpoint), sizeBefore]),
  ).toEqual([
    [0, 7, "checkpoint", 1],
    [2, 3, "shard/2/checkpoint", 3],
  ]);
  expect(new Set(asked.map(([time]) => time))).toEqual(new Set([NOW - MAX_UNSIGNED_MS]));
});

test("a shard that events are spread over is looked at though somebody deleted its head", async () => {
  const shards = await logState({
    headOf: (shard) => memoryHeadStore(shard === 0 ? headAt(7) : undefined),
    log: { read: async (path) => Buffer.from(path) },
    index: { sizeAt: async () => 0 },
    configured: 2,
    now: () => NOW,
  });
  expect(shards).toMatchObject([{ shard: 0 }, { shard: 1, checkpoint: Buffer.from("shard/1/checkpoint") }]);
  expect(shards[1]?.head).toBeUndefined();
});

test("what is public never looks newer than the head, however fast the log grows", async () => {
  let size = 1;
  const [state] = await logState({
    headOf: (shard) => ({ read: async () => (shard === 0 ? headAt(size) : undefined) }),
    log: {
      async read() {
        // Between any two reads somebody records and publishes.
        size += 5;
        return Buffer.from(String(size));
      },
    },
    index: { sizeAt: async () => 0 },
    now: () => NOW,
  });
  expect(state?.head?.size).toBeGreaterThanOrEqual(Number(String(state?.checkpoint)));
});
