/** The fault table of publishing: each of its calls × every way in which it can go wrong; and two publishers beside writers at random. */
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { eventEntry, type Gate, type Stored } from "./log-world.ts";
import { createPublishWorld, type PublishWorld } from "./publish-world.ts";

const FAULTS = [
  "fails",
  "fails but was stored",
  "is overtaken by a publisher of the same head",
  "is overtaken by a writer and a publisher",
  "is the last thing before a crash",
] as const;
type Fault = (typeof FAULTS)[number];

function faultAt(nth: number, fault: Fault, world: PublishWorld): Gate {
  let calls = 0;
  let hasCrashed = false;
  return async (_, perform) => {
    calls += 1;
    if (hasCrashed) throw new Error("a dead process calls nothing");
    if (calls !== nth) return perform();
    if (fault === "fails") throw new Error("the call failed");
    if (fault.startsWith("is overtaken")) {
      if (fault.includes("writer")) await world.grow(3);
      await world.startPublisher()();
      return perform();
    }
    hasCrashed = fault === "is the last thing before a crash";
    await perform();
    throw new Error("the answer was lost");
  };
}

/** A log whose public checkpoint is behind, and whose newest batch was not carried out. */
async function prepare(shown: number, grow: number): Promise<{ stored: Stored; history: Uint8Array[] }> {
  const world = createPublishWorld();
  if (shown > 0) {
    await world.grow(shown);
    await world.startPublisher()();
  }
  await world.growAndDie(grow);
  return { stored: await world.stored(), history: world.history };
}

describe.each([
  [0, 1],
  [0, 300],
  [1, 2],
  [253, 2],
  [254, 2],
  [255, 2],
  [256, 1],
  [300, 300],
  [65_533, 1],
  [65_534, 1],
  [65_535, 1],
  [65_535, 2],
  [65_536, 2],
])("a log of %i public entries and %i more", (shown, grow) => {
  test.each(FAULTS)("comes to no harm when any one call %s", async (fault) => {
    const { stored, history } = await prepare(shown, grow);
    const steps: string[] = [];
    const undisturbed = createPublishWorld(stored, [...history]);
    await undisturbed.startPublisher((step, perform) => {
      steps.push(step);
      return perform();
    })();
    expect(steps).toEqual(expect.arrayContaining(["read head", "read checkpoint", "read tile", "sign", "put"]));
    for (let nth = 1; nth <= steps.length; nth += 1) {
      const world = createPublishWorld(stored, [...history]);
      const outcome = await world
        .startPublisher(faultAt(nth, fault, world))()
        .catch(refuseCorruption);
      expect(world.publicSize()).toBeGreaterThanOrEqual(outcome === undefined ? shown : shown + grow);
      await world.grow(1);
      await world.startPublisher()();
      expect(world.publicSize()).toBe((await world.stored()).head?.size);
      await world.expectSound();
    }
  });
});

const RUNS = 200;

test(`${RUNS} random schedules of writers and publishers show sizes that never fall and committed roots alone`, async () => {
  const outcome = fc.oneof(
    { weight: 12, arbitrary: fc.constant("goes well" as const) },
    { weight: 1, arbitrary: fc.constantFrom("fails" as const, "fails but was stored" as const) },
  );
  const plan = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(outcome, { maxLength: 120 }), plan, async (scheduler, faults, sizes) => {
      const world = createPublishWorld();
      const planned = [...faults];
      const gate: Gate = async (step, perform) => {
        await scheduler.schedule(Promise.resolve(), step);
        const next = planned.shift() ?? "goes well";
        if (next === "fails") throw new Error("the call failed");
        const answer = await perform();
        if (step === "swap") await world.noteHead();
        if (next === "goes well") return answer;
        throw new Error("the answer was lost");
      };
      let event = 0;
      const write = async (): Promise<void> => {
        for (const size of sizes) {
          const batch = Array.from({ length: size }, () => eventEntry(event++));
          const append = world.startWorker(gate);
          while (!(await append(batch).then(() => true, refuseCorruption))) await nextTurn();
        }
      };
      const show = async (): Promise<void> => {
        for (let tick = 0; tick < sizes.length; tick += 1) await world.startPublisher(gate)().catch(refuseCorruption);
      };
      await scheduler.waitFor(Promise.all([write(), show(), show()]));
      await world.startPublisher()();
      expect(world.publicSize()).toBe(event);
      await world.expectSound();
    }),
    { numRuns: RUNS },
  );
});

function refuseCorruption(cause: unknown): undefined {
  if (cause instanceof GatebookError && cause.code === "LOG_CORRUPT") throw cause;
  return undefined;
}
