/** The fault table: every call that an append makes × every way in which it can go wrong, where tiles fill up. */
import { beforeAll, describe, expect, test } from "vitest";
import { bundlePath } from "../../../lib/core/evidence/tile-path.ts";
import { createLogWorld, eventRange, expectExactly, type Gate, type Stored } from "./log-world.ts";

const FAULTS = [
  "fails",
  "fails but was stored",
  "is overtaken by a second worker",
  "is stored, and overtaken before its answer comes",
  "is the last thing before a crash",
] as const;
type Fault = (typeof FAULTS)[number];

/** Lets the nth call go wrong. */
function faultAt(nth: number, fault: Fault, world: ReturnType<typeof createLogWorld>, rivals: Set<number>): Gate {
  let calls = 0;
  let hasCrashed = false;
  return async (_, perform) => {
    calls += 1;
    if (hasCrashed) throw new Error("a dead process calls nothing");
    if (calls !== nth) return perform();
    if (fault === "fails") throw new Error("the call failed");
    const overtake = async (): Promise<void> => {
      for (const event of rivals) await world.startWorker()(eventRange(event, event + 1));
    };
    if (fault === "is overtaken by a second worker") {
      await overtake();
      return perform();
    }
    if (fault === "is stored, and overtaken before its answer comes") {
      const answer = await perform();
      await overtake();
      return answer;
    }
    hasCrashed = fault === "is the last thing before a crash";
    await perform();
    throw new Error("the answer was lost");
  };
}

/** The calls that one append makes from this state, in order. */
async function callsOf(stored: Stored, grow: number): Promise<string[]> {
  const calls: string[] = [];
  const append = createLogWorld(stored).startWorker((step, perform) => {
    calls.push(step);
    return perform();
  });
  const size = stored.head?.size ?? 0;
  await append(eventRange(size, size + grow));
  return calls;
}

function newestBundle(size: number): string {
  const width = size % 256 === 0 ? 256 : size % 256;
  return `put ${bundlePath((size - width) / 256, width)}`;
}

async function expectNoHarm(stored: Stored, grow: number, nth: number, fault: Fault): Promise<void> {
  const world = createLogWorld(stored);
  const size = stored.head?.size ?? 0;
  const rivals = new Set(fault.includes("overtaken") ? [900_000, 900_001] : []);
  const worker = world.startWorker(faultAt(nth, fault, world, rivals));
  const batch = eventRange(size, size + grow);
  await worker(batch).catch(() => undefined);

  // The source delivers again whatever was not acknowledged: to the same worker, or to a new one if that died.
  const next = fault === "is the last thing before a crash" ? world.startWorker() : worker;
  expect((await next(batch)).recorded).toBeOneOf([0, grow]);
  const events = new Set([...Array(size + grow).keys(), ...rivals]);
  expect(await world.startWorker()(eventRange(1_000_000, 1_000_002))).toMatchObject({ recorded: 2 });
  await expectExactly(world, new Set([...events, 1_000_000, 1_000_001]), size);
}

describe.each([
  { base: 0, chunk: 1, sizes: [1, 2] },
  { base: 253, chunk: 252, sizes: [254, 255, 256, 257, 258] },
  { base: 65_533, chunk: 65_532, sizes: [65_534, 65_535, 65_536, 65_537, 65_538] },
])("a log of $base entries", ({ base, chunk, sizes }) => {
  let stored: Stored;

  beforeAll(async () => {
    const world = createLogWorld();
    const append = world.startWorker();
    for (let size = 0; size < base; size += chunk) await append(eventRange(size, Math.min(base, size + chunk)));
    // What came before the last commit is checked in the log alone, as though the index had let it go by age.
    const whole = await world.stored();
    const commits = new Map([...whole.commits].filter(([, commit]) => commit.size === base));
    stored = { ...whole, commits, sent: [] };
  });

  describe.each(sizes)("growing to %i", (size) => {
    test.each(FAULTS)("comes to no harm when any one call %s", async (fault) => {
      const calls = await callsOf(stored, size - base);
      expect(calls).toEqual(expect.arrayContaining(["stage", "swap", "index", "findings", newestBundle(size)]));
      for (let nth = 1; nth <= calls.length; nth += 1) {
        await expectNoHarm(stored, size - base, nth, fault).catch((cause: unknown) => {
          throw new Error(`call ${nth} (${calls[nth - 1]}) ${fault}`, { cause });
        });
      }
    });
  });
});
