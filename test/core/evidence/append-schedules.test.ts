/** Several writers of one log under random interleavings, failures, crashes and redeliveries. */
import { randomInt } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { createLogWorld, eventEntry, eventRange, expectExactly, type Gate } from "./log-world.ts";

const SCHEDULES = 10_000;
/** A seed that was printed makes the same schedules again: `GATEBOOK_SEED=123 npx vitest run …`. */
const SEED = Number(process.env["GATEBOOK_SEED"] ?? randomInt(2 ** 31));
const SCHEDULES_TIMEOUT_MS = 300_000;

const outcomes = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant("goes well" as const) },
    { weight: 1, arbitrary: fc.constantFrom("fails" as const, "fails but was stored" as const, "crash" as const) },
  ),
  { maxLength: 150 },
);
/** Two live writers, and at times a third. */
const writers = fc.constantFrom(2, 2, 3);
/** Which of the batches the queue delivers once more, acknowledged or not. */
const redeliveries = fc.array(fc.nat(7), { maxLength: 3 });
/** Events overlap, as they do where one comes by two paths. */
const deliveries = fc.array(fc.array(fc.nat(400), { minLength: 1, maxLength: 120 }), { minLength: 1, maxLength: 8 });

test(
  `${SCHEDULES} random schedules lose nothing, double nothing and leave a log that verifies`,
  async () => {
    console.log(`${SCHEDULES} schedules of seed ${SEED}`);
    const schedules = fc.asyncProperty(
      fc.scheduler(),
      outcomes,
      writers,
      fc.tuple(deliveries, redeliveries),
      async (scheduler, faults, workers, [batches, again]) => {
        const world = createLogWorld();
        const planned = [...faults];
        const queue = [...batches, ...again.flatMap((i) => batches.slice(i, i + 1))];

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
          return { append: world.startWorker(gate), isAlive: () => isAlive };
        };

        const work = async () => {
          let worker = startWorker();
          for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
            try {
              await worker.append(batch.map(eventEntry));
            } catch (cause) {
              refuseCorruption(cause);
              queue.push(batch);
            }
            if (!worker.isAlive()) worker = startWorker();
          }
        };
        await scheduler.waitFor(Promise.all(Array.from({ length: workers }, work)));

        const events = new Set(batches.flat());
        await expectExactly(world, events);
        expect(await world.startWorker()(eventRange(500, 503))).toMatchObject({ recorded: 3 });
        await expectExactly(world, new Set([...events, 500, 501, 502]));
      },
    );
    await fc.assert(schedules, { numRuns: SCHEDULES, seed: SEED });
  },
  SCHEDULES_TIMEOUT_MS,
);

test("two live writers share a log", async () => {
  const world = createLogWorld();
  const gate: Gate = async (_, perform) => {
    await nextTurn();
    return perform();
  };
  const write = async (first: number) => {
    const append = world.startWorker(gate);
    const pending = Array.from({ length: 30 }, (_, i) => eventRange(first + 20 * i, first + 20 * i + 20));
    for (let batch = pending.shift(); batch !== undefined; batch = pending.shift()) {
      const again = batch;
      await append(batch).catch((cause: unknown) => {
        refuseCorruption(cause);
        pending.push(again);
      });
    }
  };
  await Promise.all([write(0), write(600)]);
  await expectExactly(world, new Set(Array(1200).keys()));
});

/** Delivering again never ends where the log is corrupt. */
function refuseCorruption(cause: unknown): void {
  if (cause instanceof GatebookError && cause.code === "LOG_CORRUPT") throw cause;
}
