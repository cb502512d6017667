/** Several shards record each event once: whatever fails or dies in one of them, and however many of them there are from one day to the next. */
import { randomInt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { ALL_SHARDS, shardFor } from "../../../lib/core/evidence/shard.ts";
import { eventEntry, eventRange, type Gate } from "./log-world.ts";
import { createShardedWorld } from "./sharded-world.ts";

const SCHEDULES = 1_000;
/** A seed that was printed makes the same schedules again: `GATEBOOK_SEED=123 npx vitest run …`. */
const SEED = Number(process.env["GATEBOOK_SEED"] ?? randomInt(2 ** 31));
const SCHEDULES_TIMEOUT_MS = 300_000;

/** From its nth call of the step on, nothing goes through. */
function dyingAt(step: string, isStored: boolean): Gate {
  let isAlive = true;
  return async (name, perform) => {
    if (!isAlive) throw new Error("a dead process calls nothing");
    if (name !== step) return perform();
    isAlive = false;
    if (isStored) await perform();
    throw new Error("the answer was lost");
  };
}

const failingIn =
  (shard: number): Gate =>
  async (name, perform) => {
    if (name.startsWith(`${shard}: `)) throw new Error(`${name} failed`);
    return perform();
  };

test("events are spread, counted together, and known when they come again", async () => {
  const world = createShardedWorld();
  const append = world.startWorker(3);
  expect(await append(eventRange(0, 90))).toEqual({ recorded: 90, duplicates: 0, size: 90 });
  expect(await append(eventRange(60, 120))).toMatchObject({ recorded: 30, duplicates: 30 });
  expect(await world.startWorker(3)(eventRange(0, 120))).toMatchObject({ recorded: 0, duplicates: 120 });
  await world.expectExactly(new Set(Array(120).keys()));
  const sizes = await Promise.all(ALL_SHARDS.map(async (shard) => (await world.entriesOf(shard)).length));
  expect(sizes.filter((size) => size > 0)).toHaveLength(3);
});

test("with one shard, all is as it is without: the objects lie where they did", async () => {
  const world = createShardedWorld();
  await world.startWorker(1)(eventRange(0, 300));
  expect([...world.objects.keys()].filter((path) => !path.startsWith("tile/"))).toEqual([]);
  expect(await world.entriesOf(0)).toHaveLength(300);
});

test("where one shard fails, the others record, and the batch that comes again completes it", async () => {
  const world = createShardedWorld();
  await world.startWorker(3)(eventRange(0, 30));
  const worker = world.startWorker(3, failingIn(1));
  await expect(worker(eventRange(30, 90))).rejects.toThrow(/^1: read head failed$/);
  const done = eventRange(0, 90).filter(({ index }, event) => event < 30 || shardFor(index, 3) !== 1);
  await world.expectExactly(new Set(done.map(({ bytes }) => Number(Buffer.from(bytes).toString().slice(1)))));
  const { recorded, duplicates } = await world.startWorker(3)(eventRange(30, 90));
  expect([recorded + duplicates, recorded > 0, duplicates > 0]).toEqual([60, true, true]);
  await world.expectExactly(new Set(Array(90).keys()));
});

test("what several shards fail with is told of each, and a corrupt log comes first", async () => {
  const world = createShardedWorld();
  const worker = world.startWorker(4, async (name, perform) => {
    if (name === "2: swap") throw new GatebookError("LOG_CORRUPT", "two histories");
    if (name === "1: stage") throw new Error("no route to host");
    return perform();
  });
  await expect(worker(eventRange(0, 60))).rejects.toMatchObject({
    code: "LOG_CORRUPT",
    message: expect.stringMatching(/^2 of 4 shards failed: .*shard 1: no route to host.*$/),
  });
});

describe.each([
  { before: 1, after: 3 },
  { before: 3, after: 16 },
  { before: 3, after: 1 },
  { before: 16, after: 2 },
])("when $before shards become $after", ({ before, after }) => {
  test("what was recorded before is known", async () => {
    const world = createShardedWorld();
    await world.startWorker(before)(eventRange(0, 80));
    expect(await world.startWorker(after)(eventRange(40, 120))).toMatchObject({ recorded: 40, duplicates: 40 });
    await world.expectExactly(new Set(Array(120).keys()));
  });

  test("so is what a writer had committed and died over, in whichever shard that was", async () => {
    for (const shard of ALL_SHARDS.slice(0, before)) {
      const world = createShardedWorld();
      const dying = world.startWorker(before, dyingAt(`${shard}: swap`, true));
      await expect(dying(eventRange(0, 80))).rejects.toThrow();
      await world.startWorker(after)(eventRange(0, 80));
      await world.expectExactly(new Set(Array(80).keys()));
    }
  });
});

const outcomes = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant("goes well" as const) },
    { weight: 1, arbitrary: fc.constantFrom("fails" as const, "fails but was stored" as const, "crash" as const) },
  ),
  { maxLength: 120 },
);
const batchesOf = fc.array(fc.array(fc.nat(200), { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 });

test(
  `${SCHEDULES} random schedules of two writers over two shards lose nothing and double nothing`,
  async () => {
    console.log(`${SCHEDULES} schedules of seed ${SEED}`);
    const schedules = fc.asyncProperty(fc.scheduler(), outcomes, batchesOf, async (scheduler, faults, batches) => {
      const world = createShardedWorld();
      const planned = [...faults];
      const queue = [...batches, ...batches.slice(0, 1)];

      const startWorker = () => {
        let isAlive = true;
        const gate: Gate = async (step, perform) => {
          await scheduler.schedule(Promise.resolve(), step);
          if (!isAlive) throw new Error("a dead process calls nothing");
          const outcome = planned.shift() ?? "goes well";
          if (outcome === "fails") throw new Error("the call failed");
          const answer = await perform();
          if (outcome === "goes well") return answer;
          isAlive = outcome !== "crash";
          throw new Error("the answer was lost");
        };
        return { append: world.startWorker(2, gate), isAlive: () => isAlive };
      };

      const work = async () => {
        let worker = startWorker();
        for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
          const again = batch;
          await worker.append(batch.map(eventEntry)).catch((cause: unknown) => {
            if (cause instanceof GatebookError && cause.code === "LOG_CORRUPT") throw cause;
            queue.push(again);
          });
          if (!worker.isAlive()) worker = startWorker();
        }
      };
      await scheduler.waitFor(Promise.all([work(), work()]));
      // Whoever comes next finishes what the last one left.
      await world.startWorker(2)([]);
      await world.expectExactly(new Set(batches.flat()));
    });
    await fc.assert(schedules, { numRuns: SCHEDULES, seed: SEED });
  },
  SCHEDULES_TIMEOUT_MS,
);
