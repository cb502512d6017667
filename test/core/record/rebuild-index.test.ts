/** The index made anew is the index that was: from the first entry or from any other, once or again. */
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import type { AppendEntry } from "../../../lib/core/evidence/append-entry.ts";
import { type Commit, HOT_MS } from "../../../lib/core/evidence/event-index.ts";
import type { IndexEntry } from "../../../lib/core/record/index-entry.ts";
import { ENTRIES_TO_A_WRITE, type RebuildWorld, rebuildIndex } from "../../../lib/core/record/rebuild-index.ts";
import { createLogWorld, ORIGIN } from "../evidence/log-world.ts";
import { everyEvent, recordEvents } from "./every-event.ts";

const NOW = Date.parse("2026-11-25T00:00:00Z");
const HOUR_MS = 60 * 60 * 1000;

async function recordedLog() {
  const entries = await recordEvents(everyEvent(), memoryEventIndex());
  const world = createLogWorld();
  await world.startWorker()(entries);
  const { objects } = await world.stored();
  return { entries, objects: new Map(objects) };
}

/** A world that keeps what is written, in order. */
function worldOf({ entries, objects }: { entries: readonly AppendEntry[]; objects: Map<string, Uint8Array> }) {
  const commits: Commit[] = [];
  const size = entries.length;
  const world: RebuildWorld = {
    origin: ORIGIN,
    log: memoryLogSource(objects),
    size,
    index: { write: async (commit) => void commits.push(commit) },
    sizes: [{ time: NOW, size }],
    now: NOW,
  };
  const written = (): IndexEntry[] => commits.flatMap((commit) => commit.entries);
  return { world, commits, written };
}

const log = await recordedLog();
const original = log.entries.map(({ index }) => index);

test("every entry is written as it was, each once", async () => {
  const { world, commits, written } = worldOf(log);
  expect(await rebuildIndex(world)).toEqual({ from: 0, size: original.length });
  expect(written()).toEqual(original);
  expect(commits.map(({ from, size, entries }) => size - from - entries.length)).toEqual(commits.map(() => 0));
});

test("it goes on where it was broken off", async () => {
  const { world, commits, written } = worldOf(log);
  const places: number[] = [];
  const broken = {
    ...world,
    sizes: [{ time: NOW - HOUR_MS, size: 100 }, ...world.sizes],
    index: {
      write: async (commit: Commit) => {
        if (commits.length === 1) throw new Error("no route to host");
        commits.push(commit);
      },
    },
    onProgress: (upTo: number) => places.push(upTo),
  };
  await expect(rebuildIndex(broken)).rejects.toThrow("no route to host");
  expect(places).toEqual([100]);
  expect(await rebuildIndex({ ...world, from: 100 })).toEqual({ from: 100, size: original.length });
  expect(written()).toEqual(original);
});

test("an entry is never said to be committed earlier than it was", async () => {
  const { world, commits } = worldOf(log);
  const sizes = [
    { time: NOW - 3 * HOUR_MS, size: 10 },
    { time: NOW - 2 * HOUR_MS, size: 90 },
    { time: NOW, size: original.length },
  ];
  await rebuildIndex({ ...world, sizes });
  expect(commits.slice(0, 3).map(({ time, from, size }) => [time - NOW, from, size])).toEqual([
    [-3 * HOUR_MS, 0, 10],
    [-2 * HOUR_MS, 10, 90],
    [0, 90, original.length],
  ]);
});

test("what was recorded more than 400 days ago is not written again", async () => {
  const { world, written } = worldOf(log);
  const sizes = [
    { time: NOW - HOT_MS - 2, size: 40 },
    { time: NOW - HOT_MS - 1, size: 60 },
    { time: NOW - HOT_MS + 1, size: 80 },
    ...world.sizes,
  ];
  expect(await rebuildIndex({ ...world, sizes })).toEqual({ from: 60, size: original.length });
  expect(written()).toEqual(original.slice(60));
  expect(await rebuildIndex({ ...world, sizes, from: 3 })).toMatchObject({ from: 60 });
});

test("a write holds a bounded number of entries", async () => {
  const first = log.entries[0];
  if (first === undefined) throw new Error("there are no events");
  const many = Array.from({ length: 2 * ENTRIES_TO_A_WRITE + 1 }, (_, i) => ({
    ...first,
    index: { ...first.index, eventKey: `${first.index.eventKey}${i}` },
  }));
  const stored = createLogWorld();
  await stored.startWorker()(many);
  const { world, commits } = worldOf({ entries: many, objects: new Map((await stored.stored()).objects) });
  await rebuildIndex(world);
  expect(commits.map(({ entries }) => entries.length)).toEqual([ENTRIES_TO_A_WRITE, ENTRIES_TO_A_WRITE, 1]);
});

test("an empty log is an empty index", async () => {
  const { world, commits } = worldOf({ entries: [], objects: new Map() });
  expect(await rebuildIndex(world)).toEqual({ from: 0, size: 0 });
  expect(commits).toEqual([]);
});

describe("it stops with LOG_CORRUPT at", () => {
  test.each([
    ["a bundle that is missing", undefined],
    ["a bundle that is cut", Buffer.of(0, 9, 1)],
    ["bytes that are no records", Buffer.alloc(2 * 256)],
  ])("%s", async (_, bytes) => {
    const objects = new Map(log.objects);
    for (const path of objects.keys()) {
      if (path.startsWith("tile/entries/000") && bytes !== undefined) objects.set(path, bytes);
      else if (path.startsWith("tile/entries/000")) objects.delete(path);
    }
    const { world } = worldOf({ entries: log.entries, objects });
    await expect(rebuildIndex(world)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
  });
});
