/** However events arrive, in whichever order, batches and repetition, the same is to be explained; and an index made anew says the same. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { decodeRecord } from "../../../lib/core/record/decode-record.ts";
import { indexEntryOf } from "../../../lib/core/record/index-form.ts";
import { ANA, BO, call } from "../record/views.ts";
import { DAY_MS, emergencyDesk, FIRST, SESSION, stopped, taken } from "./emergency-desk.ts";

const OTHER = `${SESSION}-2`;
const EVENTS = [
  stopped(0),
  stopped(50),
  stopped(4_000),
  call("ecs:UpdateService", 60, BO),
  taken(ANA, 70, { session: OTHER, credential: "ASIAOTHER" }),
  stopped(80, OTHER),
];
/** Session BO opened and explained, up to its access at 50. */
const EXPLAINED = await (async () => {
  const { tell, ask, sent } = emergencyDesk();
  await tell([stopped(0), stopped(50)]);
  await ask(ANA, { do: "explain", use: SESSION, reason: "INC-42" });
  return sent[0] ?? "";
})();

const arrivals = fc
  .tuple(
    fc.shuffledSubarray([...EVENTS, EXPLAINED], { minLength: EVENTS.length + 1 }),
    fc.array(fc.nat({ max: EVENTS.length }), { maxLength: 5 }),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 12, maxLength: 12 }),
  )
  .map(([once, again, sizes]) => {
    const all = [...once, ...again.map((i) => once[i] ?? EXPLAINED)];
    return sizes.map((size) => all.splice(0, size)).filter((batch) => batch.length > 0);
  });

async function listed(batches: readonly (readonly ((typeof EVENTS)[number] | string)[])[]) {
  const desk = emergencyDesk();
  for (const batch of batches) await desk.tell(batch);
  desk.clock.now = FIRST + DAY_MS;
  return { uses: await desk.list(true), written: desk.written, desk };
}

test("any order, batching and repetition leaves the same to explain", async () => {
  const { uses: expected } = await listed([[...EVENTS, EXPLAINED]]);
  expect(expected.map(({ state, accesses, since }) => [state, accesses, since - FIRST])).toEqual([
    ["open", 2, 70_000],
    ["open", 1, 4_000_000],
    ["explained", 2, 0],
  ]);
  await fc.assert(
    fc.asyncProperty(arrivals, async (batches) => {
      expect((await listed(batches)).uses).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test("an index that is made anew from the log says the same", async () => {
  const { uses, written } = await listed([[...EVENTS], [EXPLAINED]]);
  const index = memoryEventIndex();
  const entries = written.map((bytes) => indexEntryOf(decodeRecord(bytes)));
  await index.write({ origin: "o", time: 0, from: 0, size: entries.length, entries });
  const again = emergencyDesk({ index });
  again.written.push(...written);
  again.clock.now = FIRST + DAY_MS;
  expect(await again.list(true)).toEqual(uses);
});
