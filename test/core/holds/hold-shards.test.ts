/** A hold on several shards is carried out in each, on the objects that lie there. */
import { expect, test } from "vitest";
import { memoryLogArchive } from "../../../lib/adapters/memory-log-archive.ts";
import { memoryObjectHolds } from "../../../lib/adapters/memory-object-holds.ts";
import { shardPrefix } from "../../../lib/core/evidence/shard.ts";
import { checkHold, type HoldWorld, liftHold, placeHold } from "../../../lib/core/holds/carry-out-hold.ts";
import type { Hold, HoldScope } from "../../../lib/core/holds/hold.ts";
import { inShardsOf, scopesBeside } from "../../../lib/core/holds/hold-shards.ts";
import { recordLog, type Versions } from "../verify/recorded-log.ts";
import { signer } from "../verify/tampering.ts";

const SIZE = 300;
const { versions: ofOne } = await recordLog([SIZE], signer);
const SHARDS = [0, 2];

function store() {
  const objects: Versions = new Map();
  for (const shard of SHARDS) for (const [path, bytes] of ofOne) objects.set(shardPrefix(shard) + path, bytes);
  const held = new Set<string>();
  const versions = new Map([...objects.keys()].map((path) => [path, ["1"]]));
  const world: HoldWorld = { log: memoryLogArchive(objects), objects: memoryObjectHolds(versions, held) };
  return { world, versions, held: () => [...held].map((name) => name.replace("@1", "")).sort() };
}

function scope(from: number, to: number, shard?: number): HoldScope {
  return { ...(shard !== undefined && { shard }), size: SIZE, checkpoint: "1", ranges: [{ from, to }], objects: 0 };
}

/** The bundle, the tiles and the checkpoint of an entry that names no payload, in the first bundle. */
const FIRST_BUNDLE = ["checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/entries/000"];

test("each shard's objects are held, and none of another's", async () => {
  const { world, held } = store();
  const done = await inShardsOf(world, [scope(1, 2), scope(299, 300, 2)], placeHold);
  expect(done).toMatchObject({ isComplete: true, missing: [], loose: [], versions: held().length });
  const ofSecond = ["checkpoint", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"];
  expect(held()).toEqual([...FIRST_BUNDLE, ...ofSecond.map((path) => `shard/2/${path}`)].sort());
});

test("what is not held or not there is said with its shard", async () => {
  const { world, versions } = store();
  versions.set("shard/2/tile/0/000", []);
  const checked = await inShardsOf(world, [scope(1, 2), scope(1, 2, 2)], checkHold);
  expect(checked.missing).toEqual(["shard/2/tile/0/000"]);
  const loose = checked.loose.map(({ path }) => path).filter((path) => path.startsWith("shard/2/"));
  expect(loose.sort()).toEqual(FIRST_BUNDLE.filter((path) => path !== "tile/0/000").map((path) => `shard/2/${path}`));
});

test("a release leaves what another hold needs in the same shard, and nothing for what it needs elsewhere", async () => {
  const { world, held } = store();
  const added = { principal: "ana", reason: "", time: 0, index: 0 };
  const one: Hold = { id: "hold:one", scopes: [scope(1, 2), scope(1, 2, 2)], added };
  const other: Hold = { id: "hold:other", scopes: [scope(1, 2, 2)], added };
  for (const { scopes } of [one, other]) await inShardsOf(world, scopes, placeHold);
  await inShardsOf(world, one.scopes, (shard, each) => liftHold(shard, each, scopesBeside(each, [other])));
  expect(held()).toEqual(FIRST_BUNDLE.map((path) => `shard/2/${path}`));
});

test("told to stop, it begins with no other shard", async () => {
  const { world, held } = store();
  const stop = new AbortController();
  const stopping = { ...world, signal: stop.signal, onProgress: () => stop.abort() };
  const stopped = await inShardsOf(stopping, [scope(0, 300), scope(0, 300, 2)], placeHold);
  expect(stopped.isComplete).toBe(false);
  expect(held().filter((path) => path.startsWith("shard/"))).toEqual([]);
});
