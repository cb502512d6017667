/** Every shard of a log is verified, and the one that something is wrong with is named. */
import { expect, test } from "vitest";
import { memoryLogArchive } from "../../../lib/adapters/memory-log-archive.ts";
import { EMPTY_ROOT } from "../../../lib/core/evidence/merkle.ts";
import { shardOrigin, shardPrefix } from "../../../lib/core/evidence/shard.ts";
import { shardKey } from "../../../lib/core/evidence/shard-keys.ts";
import { signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { proveEvent } from "../../../lib/core/verify/prove-event.ts";
import { shardArchive } from "../../../lib/core/verify/shard-archive.ts";
import { type VerifyShardsOptions, verifyShards } from "../../../lib/core/verify/verify-shards.ts";
import { ORIGIN } from "../evidence/log-world.ts";
import { testSigner } from "../evidence/test-signers.ts";
import { recordLog, type Versions } from "./recorded-log.ts";
import { flip, replace } from "./tampering.ts";

const SEED = Buffer.alloc(32, 1);
const signerOf = (shard: number) => testSigner(shardOrigin(ORIGIN, shard), SEED);
const { key } = signerOf(0);
const keys = [0, 1, 2].map((shard) => shardKey(key, shard));

/** Three logs in one place; the checkpoints are signed under the shards' names. */
async function threeShards(): Promise<Versions> {
  const all: Versions = new Map();
  for (const [shard, size] of [300, 40, 7].entries()) {
    const { versions } = await recordLog([size], signerOf(0));
    const bytes = versions.get("checkpoint")?.[0] ?? Buffer.of();
    const root = Buffer.from(Buffer.from(bytes).toString().split("\n")[2] ?? "", "base64").toString("hex");
    const note = await signCheckpoint({ origin: shardOrigin(ORIGIN, shard), size, root }, signerOf(shard));
    for (const [path, stored] of versions) {
      all.set(shardPrefix(shard) + path, path === "checkpoint" ? [note] : stored);
    }
  }
  return all;
}

function verify(versions: Versions, more: Partial<VerifyShardsOptions> = {}) {
  const archive = memoryLogArchive(versions);
  return verifyShards({ log: archive, listing: archive, keys, since: [], ...more });
}

const noteOf = (versions: Versions, shard: number): Uint8Array =>
  versions.get(`${shardPrefix(shard)}checkpoint`)?.at(-1) ?? Buffer.of();

test("all shards verify, with the key of each or with that of the first", async () => {
  const versions = await threeShards();
  for (const given of [keys, [key]]) {
    const verified = await verify(versions, { keys: given, allRecords: true });
    expect(verified.map(({ origin, size }) => [origin, size])).toEqual([
      [`${ORIGIN.slice(0, -1)}0`, 300],
      [`${ORIGIN.slice(0, -1)}1`, 40],
      [`${ORIGIN.slice(0, -1)}2`, 7],
    ]);
    expect(verified.map(({ objects }) => objects)).toEqual([8, 3, 3]);
  }
});

test("without a listing they are found by their checkpoints", async () => {
  expect(await verify(await threeShards(), { keys: [key], listing: undefined })).toHaveLength(3);
});

test.each([
  ["a changed entry", "tile/entries/000.p/40", /^shard 1: entry 0 in tile\/entries\/000\.p\/40 hashes to/],
  ["a changed tile", "tile/0/000.p/40", /^shard 1: entry 0 in tile\/entries/],
  ["a changed checkpoint", "checkpoint", /^shard 1: checkpoint cannot be trusted/],
])("%s in shard 1 is found, and said of it alone", async (_, path, sentence) => {
  const versions = await threeShards();
  replace(versions, `shard/1/${path}`, flip(5));
  await expect(verify(versions)).rejects.toMatchObject({
    code: "NOT_VERIFIED",
    message: expect.stringMatching(sentence),
  });
});

test("what is wrong in two shards is said of both", async () => {
  const versions = await threeShards();
  replace(versions, "tile/entries/000", flip(5));
  versions.delete("shard/2/tile/0/000.p/7");
  await expect(verify(versions)).rejects.toThrow(/^shard 0: entry 0 in .*\nshard 2: tile\/0\/000\.p\/7 is missing/s);
});

test.each([
  ["that its key promises", { keys }],
  ["that a checkpoint was kept of", { keys: [key] }],
])("a shard %s and that is gone is missed", async (_, given) => {
  const versions = await threeShards();
  const since = [{ name: "kept", note: noteOf(versions, 2) }];
  for (const path of [...versions.keys()]) if (path.startsWith("shard/2/")) versions.delete(path);
  await expect(verify(versions, { ...given, since: given.keys.length > 1 ? [] : since })).rejects.toMatchObject({
    code: "NOT_VERIFIED",
    message: expect.stringMatching(/^(?:shard 2: checkpoint is missing|kept is of \S+\/2, and nothing of that shard)/),
  });
});

test("a shard whose checkpoint alone is gone is missed, whatever the keys", async () => {
  const versions = await threeShards();
  versions.delete("shard/1/checkpoint");
  await expect(verify(versions, { keys: [key] })).rejects.toThrow(/^shard 1: checkpoint is missing/);
});

test("two shards in each other's place are refused", async () => {
  const versions = await threeShards();
  const swapped: Versions = new Map();
  for (const [path, stored] of versions) {
    swapped.set(
      path.replace(/^shard\/([12])\//, (_, shard) => `shard/${3 - Number(shard)}/`),
      stored,
    );
  }
  await expect(verify(swapped)).rejects.toThrow(/^shard 1: checkpoint cannot be trusted.*\nshard 2: checkpoint/s);
});

test("a kept checkpoint is held against its own shard, whichever was given first", async () => {
  const versions = await threeShards();
  const since = [2, 0].map((shard) => ({ name: `kept of ${shard}`, note: noteOf(versions, shard) }));
  const verified = await verify(versions, { since });
  expect(verified.map(({ checkpoints }) => checkpoints)).toEqual([3, 2, 3]);

  const { versions: rolledBack } = { versions: await threeShards() };
  const later = await signCheckpoint({ origin: shardOrigin(ORIGIN, 1), size: 41, root: "00".repeat(32) }, signerOf(1));
  await expect(verify(rolledBack, { since: [{ name: "kept", note: later }] })).rejects.toThrow(
    /^shard 1: checkpoint is of 40 entries, and the log had signed 41 before \(kept\)/,
  );
});

test("two of one shard, a stranger's and what is none are refused", async () => {
  const versions = await threeShards();
  const own = { name: "kept", note: noteOf(versions, 1) };
  await expect(verify(versions, { since: [own, { ...own, name: "again" }] })).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringContaining("again: is of the same shard as kept"),
  });
  const stranger = testSigner("log.example/0", SEED);
  const note = await signCheckpoint({ origin: "log.example/0", size: 0, root: "00".repeat(32) }, stranger);
  for (const hostile of [note, Buffer.from("no note"), Buffer.of(), Buffer.alloc(9, 0xff)]) {
    await expect(verify(versions, { since: [{ name: "kept", note: hostile }] })).rejects.toMatchObject({
      code: "NOT_VERIFIED",
      message: expect.stringContaining("kept cannot be trusted"),
    });
  }
});

test("the key of another shard than the first checks that one alone", async () => {
  const versions = await threeShards();
  await expect(verify(versions, { keys: [shardKey(key, 1)] })).rejects.toThrow("checkpoint cannot be trusted");
  const two = [1, 2].map((shard) => shardKey(key, shard));
  await expect(verify(versions, { keys: two })).rejects.toThrow(/^shard 0: .* give that of the first shard/);
  const alone = shardArchive(memoryLogArchive(versions), 1);
  expect(await verifyShards({ log: alone, listing: alone, keys: [shardKey(key, 1)], since: [] })).toHaveLength(1);
});

test("an event is proved in its shard, by its place or by its id", async () => {
  const versions = await threeShards();
  const shards = [0, 1, 2].map((shard) => ({
    shard,
    log: shardArchive(memoryLogArchive(versions), shard),
    key: shardKey(key, shard),
  }));
  const proved = await proveEvent(shards, "#2/6");
  expect(proved).toMatchObject({ shard: 2, index: 6, uid: "event-6", size: 7, key: shardKey(key, 2) });
  // Each of these logs records the same events.
  await expect(proveEvent(shards, "event-6")).rejects.toThrow("choose one of #6, #1/6, #2/6");
  expect(await proveEvent(shards, "event-299")).toMatchObject({ shard: 0, index: 299 });
  await expect(proveEvent(shards, "#2/7")).rejects.toThrow("the checkpoint of shard 2 is of 7 entries");
  await expect(proveEvent(shards, "#5/0")).rejects.toThrow("the checkpoint of shard 5 is of 0 entries");
});

test("a log of somebody else is asked for no shards", async () => {
  const stranger = testSigner("log.example/ledger", SEED);
  const note = await signCheckpoint({ origin: "log.example/ledger", size: 0, root: EMPTY_ROOT }, stranger);
  const log = {
    read: async (path: string) => {
      if (path.startsWith("shard/")) throw new Error("its server answers 403");
      return path === "checkpoint" ? note : undefined;
    },
  };
  expect(await verifyShards({ log, listing: undefined, keys: [stranger.key], since: [] })).toHaveLength(1);
});
