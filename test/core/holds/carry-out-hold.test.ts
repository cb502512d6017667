/** Holds on stored objects: set, completed, looked at, and taken off where no other hold needs them. */
import { expect, test } from "vitest";
import { memoryLogArchive } from "../../../lib/adapters/memory-log-archive.ts";
import { memoryObjectHolds } from "../../../lib/adapters/memory-object-holds.ts";
import { checkHold, type HoldWorld, liftHold, neededPaths, placeHold } from "../../../lib/core/holds/carry-out-hold.ts";
import type { HoldScope } from "../../../lib/core/holds/hold.ts";
import { recordLog } from "../verify/recorded-log.ts";
import { signer } from "../verify/tampering.ts";

const SIZE = 700;
const { versions: bytes } = await recordLog([300, SIZE], signer);
const log = memoryLogArchive(bytes);

function hold(from: number, to: number, checkpoint = "2"): HoldScope {
  return { size: SIZE, checkpoint, ranges: [{ from, to }], objects: 0 };
}

function store(more: readonly [string, readonly string[]][] = []) {
  const held = new Set<string>();
  const versions = new Map<string, readonly string[]>([...bytes.keys()].map((path) => [path, ["1"]]));
  versions.set("checkpoint", ["1", "2", "3"]);
  for (const [path, ids] of more) versions.set(path, ids);
  const world: HoldWorld = { log, objects: memoryObjectHolds(versions, held) };
  return { world, versions, held: () => [...held].sort() };
}

const HUNDRED = hold(100, 101);

test("holds the bundle, the tiles to the root, the payload and the checkpoint, and nothing else", async () => {
  const { world, held } = store();
  const done = await placeHold(world, HUNDRED);
  expect(done).toMatchObject({ isComplete: true, objects: 6, versions: 6, missing: [], loose: [] });
  const payload = held().find((name) => name.startsWith("payload/"));
  expect(held()).toEqual([
    "checkpoint@2",
    payload,
    "tile/0/000@1",
    "tile/0/002.p/188@1",
    "tile/1/000.p/2@1",
    "tile/entries/000@1",
  ]);
});

test("holds every version that was put over an object, too", async () => {
  const { world, held } = store([["tile/entries/000", ["2", "1"]]]);
  await placeHold(world, HUNDRED);
  expect(held()).toEqual(expect.arrayContaining(["tile/entries/000@1", "tile/entries/000@2"]));
});

test("a release leaves what another hold needs, and takes off the rest", async () => {
  const { world, held } = store();
  const other = hold(50, 51, "3");
  await placeHold(world, HUNDRED);
  await placeHold(world, other);
  await liftHold(world, HUNDRED, [other]);
  expect(held()).toEqual([...(await neededPaths(log, other)), "checkpoint@3"].map(atFirst).sort());
  expect(await checkHold(world, other)).toMatchObject({ loose: [], missing: [] });
  await liftHold(world, other, []);
  expect(held()).toEqual([]);
});

test("a release leaves a payload and a checkpoint that another hold needs", async () => {
  const { world, held } = store();
  const other = hold(100, 102);
  await placeHold(world, HUNDRED);
  const before = held();
  await placeHold(world, other);
  await liftHold(world, HUNDRED, [other]);
  expect(held()).toEqual(before);
});

test("where a partial is gone, what it has grown into is held, and is released by the last who needs it", async () => {
  const { world, versions, held } = store([
    ["tile/entries/002", ["1"]],
    ["tile/0/002", ["1"]],
    ["tile/entries/002.p/188", []],
    ["tile/0/002.p/188", []],
  ]);
  const [one, other] = [hold(699, 700), hold(698, 699)];
  expect(await placeHold(world, one)).toMatchObject({ missing: [] });
  expect(held()).toEqual(expect.arrayContaining(["tile/0/002@1", "tile/entries/002@1"]));
  await liftHold(world, one, [other]);
  expect(held()).toEqual(expect.arrayContaining(["tile/0/002@1", "tile/entries/002@1"]));
  await liftHold(world, other, []);
  expect(held()).toEqual([]);
  expect(versions.size).toBeGreaterThan(0);
});

test("what is not there is said, and the rest is held", async () => {
  const { world, held } = store([["tile/0/000", []]]);
  expect(await placeHold(world, HUNDRED)).toMatchObject({ isComplete: true, missing: ["tile/0/000"], versions: 5 });
  expect(held()).toHaveLength(5);
});

test("stops where it is told to, and done again completes it", async () => {
  const size = 2_100;
  const large = await recordLog([size], signer);
  const held = new Set<string>();
  const versions = new Map([...large.versions.keys()].map((path) => [path, ["2"]]));
  const world = { log: memoryLogArchive(large.versions), objects: memoryObjectHolds(versions, held) };
  const all = { ...hold(0, size), size };
  const stop = new AbortController();
  const stopping = { ...world, signal: stop.signal, onProgress: () => stop.abort() };
  const stopped = await placeHold(stopping, all);
  expect(stopped.isComplete).toBe(false);
  expect(held.size).toBe(stopped.versions);
  expect(held.size).toBeLessThan(versions.size);
  expect((await checkHold(world, all)).loose).toHaveLength(versions.size - held.size);
  expect(await placeHold(world, all)).toMatchObject({ isComplete: true });
  expect(held.size).toBe(versions.size);
  expect(await checkHold(world, all)).toMatchObject({ loose: [], missing: [], versions: versions.size });
});

test("a store that refuses ends it with its reason", async () => {
  const { world } = store();
  const refusing = { ...world.objects, set: () => Promise.reject(new Error("AccessDenied")) };
  await expect(placeHold({ ...world, objects: refusing }, HUNDRED)).rejects.toThrow("AccessDenied");
});

function atFirst(path: string): string {
  return path.includes("@") ? path : `${path}@1`;
}
