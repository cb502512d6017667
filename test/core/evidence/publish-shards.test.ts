/** Every shard is published and sealed by itself: one that fails stops none of the others, and is told all the same. */
import { describe, expect, test } from "vitest";
import { memoryCheckpointStore, memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import { GatebookError } from "../../../lib/core/errors.ts";
import type { Append } from "../../../lib/core/evidence/append.ts";
import { createShardedPublisher, type PublishedShard } from "../../../lib/core/evidence/publish-shards.ts";
import { sealShards } from "../../../lib/core/evidence/seal-shards.ts";
import { shardOrigin } from "../../../lib/core/evidence/shard.ts";
import { shardKey } from "../../../lib/core/evidence/shard-keys.ts";
import { shardLog } from "../../../lib/core/evidence/shard-stores.ts";
import { openCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { partialPaths } from "../../../lib/core/evidence/tile-path.ts";
import { eventRange, ORIGIN } from "./log-world.ts";
import { createShardedWorld } from "./sharded-world.ts";
import { LOG_SEED, testSigner } from "./test-signers.ts";

const first = testSigner(ORIGIN, LOG_SEED).key;
/** Every batch is carried out: there is nothing to finish. */
const nothingToFinish: Append = async () => ({ recorded: 0, duplicates: 0, size: 0 });

function publishing(
  world: ReturnType<typeof createShardedWorld>,
  configured: number,
  broken?: Partial<PublishedShard>,
) {
  const histories = new Map<number, Uint8Array[]>();
  const cosigned: string[] = [];
  const opened: number[] = [];
  const publishAll = createShardedPublisher({
    headOf: world.headOf,
    configured,
    open(shard) {
      opened.push(shard);
      const history: Uint8Array[] = [];
      histories.set(shard, history);
      const origin = shardOrigin(ORIGIN, shard);
      const own: PublishedShard = {
        world: {
          origin,
          heads: world.headOf(shard),
          append: nothingToFinish,
          log: shardLog(memoryLogSource(world.objects), shard),
          checkpoints: memoryCheckpointStore(history),
        },
        signer: async () => testSigner(origin, LOG_SEED),
        cosign: async (key) => void cosigned.push(key.name),
      };
      return shard === 1 ? { ...own, ...broken } : own;
    },
  });
  const run = async (): Promise<string[]> => {
    const published: string[] = [];
    await publishAll({ remainingMs: () => 1_000, onPublished: ({ origin }) => published.push(origin) });
    return published;
  };
  const sizes = () =>
    [...histories].map(([shard, history]) => {
      const last = history.at(-1);
      return [shard, last && openCheckpoint(last, shardKey(first, shard)).size];
    });
  return { run, sizes, cosigned, opened, histories };
}

const ORIGINS = [0, 1, 2].map((shard) => shardOrigin(ORIGIN, shard));

describe("publishing", () => {
  test("signs each shard under its own name, and says so", async () => {
    const world = createShardedWorld();
    await world.startWorker(3)(eventRange(0, 60));
    const { run, sizes, cosigned } = publishing(world, 3);
    expect((await run()).sort()).toEqual(ORIGINS);
    const stored = await Promise.all([0, 1, 2].map(async (shard) => [shard, (await world.entriesOf(shard)).length]));
    expect(sizes()).toEqual(stored);
    expect(cosigned.sort()).toEqual(ORIGINS);
  });

  test("signs a shard that nothing was recorded in yet, and what it grows into", async () => {
    const world = createShardedWorld();
    const { run, sizes, histories } = publishing(world, 3);
    await run();
    await run();
    expect(sizes()).toEqual([0, 1, 2].map((shard) => [shard, 0]));
    expect([...histories.values()].map(({ length }) => length)).toEqual([1, 1, 1]);
    await world.startWorker(3)(eventRange(0, 60));
    await run();
    expect(sizes().every(([, size]) => size !== 0)).toBe(true);
  });

  test("of one shard alone signs nothing before there is something", async () => {
    const { run, sizes, opened } = publishing(createShardedWorld(), 1);
    await run();
    expect([sizes(), opened]).toEqual([[[0, undefined]], [0]]);
  });

  test("goes on with shards that there were when there were more", async () => {
    const world = createShardedWorld();
    await world.startWorker(3)(eventRange(0, 60));
    const { run, sizes } = publishing(world, 1);
    await run();
    expect(sizes().map(([shard]) => shard)).toEqual([0, 1, 2]);
    expect(sizes().every(([, size]) => size !== undefined)).toBe(true);
  });

  test.each<[string, Partial<PublishedShard>, string]>([
    ["has no key", { signer: () => Promise.reject(new Error("KMS is away")) }, "KMS is away"],
    [
      "is signed by another key",
      { signer: async () => testSigner(shardOrigin(ORIGIN, 2), LOG_SEED) },
      "cannot sign for the log",
    ],
  ])("a shard that %s fails, and the others are published and cosigned", async (_, broken, message) => {
    const world = createShardedWorld();
    await world.startWorker(3)(eventRange(0, 60));
    const { run, sizes, cosigned } = publishing(world, 3, broken);
    await expect(run()).rejects.toThrow(message);
    expect(sizes().map(([shard, size]) => [shard, size !== undefined])).toEqual([
      [0, true],
      [1, false],
      [2, true],
    ]);
    expect(cosigned.sort()).toEqual([ORIGINS[0], ORIGINS[2]]);
  });

  test("a shard whose head was set back is a corrupt log, and the others are published", async () => {
    const world = createShardedWorld();
    await world.startWorker(3)(eventRange(0, 60));
    const { run, histories } = publishing(world, 3);
    await run();
    await world.startWorker(3)(eventRange(60, 120));
    const lost = await world.headOf(1).read();
    if (lost === undefined) throw new Error("shard 1 is empty");
    await world.headOf(1).replace(lost, { ...lost, size: 1, version: lost.version + 1 });
    await expect(run()).rejects.toMatchObject({ code: "LOG_CORRUPT" });
    expect([...histories.values()].map(({ length }) => length)).toEqual([2, 1, 2]);
  });

  test("asks for a key again where that failed once", async () => {
    const world = createShardedWorld();
    await world.startWorker(3)(eventRange(0, 60));
    let isAway = true;
    const signer = async () => {
      if (!isAway) return testSigner(shardOrigin(ORIGIN, 1), LOG_SEED);
      isAway = false;
      throw new Error("KMS is away");
    };
    const { run } = publishing(world, 3, { signer });
    await expect(run()).rejects.toThrow("KMS is away");
    expect(await run()).toHaveLength(3);
  });
});

describe("the seal", () => {
  test("is set on the tail of every shard, and one that is not stored is told when the others are sealed", async () => {
    const world = createShardedWorld();
    await world.startWorker(3)(eventRange(0, 60));
    const paths = [...world.objects.keys()];
    const missing = new Set(paths.filter((path) => path.startsWith("shard/1/")));
    const sealed: string[] = [];
    const tail = {
      seal: async (path: string) => {
        if (missing.has(path)) return "missing" as const;
        sealed.push(path);
        return "sealed" as const;
      },
    };
    const done: number[] = [];
    const seal = () => sealShards({ headOf: world.headOf, tail }, ({ shard }) => done.push(shard));
    const failure = await seal().catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(GatebookError);
    expect(failure).toMatchObject({ code: "UNAVAILABLE" });
    expect(done.sort()).toEqual([0, 2]);
    missing.clear();
    await seal();
    const sizes = await Promise.all([0, 1, 2].map(async (shard) => (await world.headOf(shard).read())?.size ?? 0));
    const tails = sizes.flatMap((size, shard) =>
      partialPaths(size).map((path) => (shard === 0 ? path : `shard/${shard}/${path}`)),
    );
    expect([...new Set(sealed)].sort()).toEqual(tails.sort());
  });
});
