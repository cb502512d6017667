/** Correlations that a later event could judge otherwise: the stack comes to what a backtest finds, whatever the order of events. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate } from "../../../../lib/core/detections/detection.ts";
import type { RuleSet } from "../../../../lib/core/detections/rule-set.ts";
import { backtested, LATENESS_MS, liveWorld } from "./closing-world.ts";
import { candidatesOf, correlationText, kindRule, ruleSet, type TestEvent } from "./rule-sets.ts";

const KINDS = ["a", "b", "c"];
const bases = KINDS.map((name) => kindRule(name));
const rulesOf = (correlation: string): RuleSet => ruleSet(...bases, correlationText(correlation));
const countOf = (condition: string): RuleSet =>
  rulesOf(`type: event_count\nrules: [a, b]\ngroup-by: [who]\ntimespan: 10s\ncondition: ${condition}`);
const valuesOf = (type: string, condition: string): RuleSet =>
  rulesOf(`type: ${type}\nrules: [a, b]\ngroup-by: [who]\ntimespan: 10s\ncondition: ${condition}`);

const SETS: Record<string, RuleSet> = {
  "event_count below": countOf("{ lt: 3 }"),
  "event_count at most": countOf("{ lte: 2 }"),
  "event_count exactly": countOf("{ eq: 2 }"),
  "event_count anything but": countOf("{ neq: 2 }"),
  "event_count between": countOf("{ gte: 2, lt: 5 }"),
  "value_count at most": valuesOf("value_count", "{ field: what, lte: 2 }"),
  value_sum: valuesOf("value_sum", "{ field: size, gt: 10 }"),
  value_avg: valuesOf("value_avg", "{ field: size, gte: 4 }"),
  value_percentile: valuesOf("value_percentile", "{ field: size, percentile: 50, lt: 4 }"),
  "temporal, not all": rulesOf(
    "type: temporal\nrules: [a, b, c]\ngroup-by: [who]\ntimespan: 10s\ncondition: { lt: 3 }",
  ),
  "temporal_ordered, two in order": rulesOf(
    "type: temporal_ordered\nrules: [a, b, c]\ngroup-by: [who]\ntimespan: 10s\ncondition: { eq: 2 }",
  ),
  "over a correlation": ruleSet(
    ...bases,
    "title: inner\nname: inner\ncorrelation: { type: event_count, rules: [a], group-by: [what], timespan: 5s, condition: { gte: 2 } }\n",
    correlationText(
      "type: event_count\nrules: [inner, b]\ngroup-by: [who]\ntimespan: 20s\ncondition: { gte: 2, lt: 5 }",
    ),
  ),
};

const event = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.integer({ min: 0, max: 60 }),
  who: fc.constantFrom("x", "y"),
  what: fc.constantFrom("1", "2", "3", "4"),
  size: fc.integer({ min: 0, max: 9 }),
});

/** Each with how long it takes to arrive, and when it comes again. */
function deliveries(slowestMs: number) {
  const delay = fc.integer({ min: 0, max: slowestMs });
  return fc
    .array(fc.record({ event, delay, again: fc.option(fc.integer({ min: 0, max: 100_000 })) }), {
      minLength: 1,
      maxLength: 30,
    })
    .map((found) => {
      const candidates = candidatesOf(found.map(({ event: each }, i): TestEvent => ({ ...each, id: String(i) })));
      const arrivals = found.flatMap(({ delay: late, again }, i) => {
        const candidate = candidates[i] as Candidate;
        const first = { candidate, arrives: candidate.time + late };
        return again === null ? [first] : [first, { candidate, arrives: first.arrives + again }];
      });
      return { candidates, arrivals: arrivals.sort((a, b) => a.arrives - b.arrives) };
    });
}

/** Later than every due time. */
const LATER = Date.UTC(2026, 10, 25);

describe.each(Object.entries(SETS))("%s", (name, rules) => {
  const isChain = name === "over a correlation";

  test("what comes in time is judged as a backtest does, with a run at every moment, whoever fails", async () => {
    const faults = fc.infiniteStream(fc.integer({ min: 0, max: 9 }));
    await fc.assert(
      fc.asyncProperty(deliveries(LATENESS_MS - 1), faults, async ({ candidates, arrivals }, random) => {
        let isOver = false;
        const world = liveWorld(rules, () => !isOver && random.next().value === 0);
        for (const { candidate, arrives } of arrivals) {
          world.at(arrives - 1);
          await world.close().catch(() => undefined);
          world.at(arrives);
          await world.record([candidate]);
        }
        isOver = true;
        world.at(LATER);
        await world.close();
        const expected = await backtested(rules, candidates);
        // The group's latest event says who and where. In a chain that is the one that completed the correlation below, or came with it.
        if (isChain) expect([...world.sent.keys()].sort()).toEqual([...expected.keys()].sort());
        else expect(world.sent).toEqual(expected);
        expect((await world.close()).judged).toBe(0);
      }),
    );
  });

  test("any order, any batches and any repetition before the end come to the same", async () => {
    const shuffled = deliveries(0).chain(({ candidates }) =>
      fc.record({
        candidates: fc.constant(candidates),
        arriving: fc.shuffledSubarray([...candidates, ...candidates], { minLength: candidates.length * 2 }),
        sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 10 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ candidates, arriving, sizes }) => {
        const world = liveWorld(rules);
        const left = [...arriving];
        for (let i = 0; left.length > 0; i++) await world.record(left.splice(0, sizes[i % sizes.length]));
        world.at(LATER);
        await world.close();
        expect([...world.sent.keys()].sort()).toEqual([...(await backtested(rules, candidates)).keys()].sort());
      }),
    );
  });

  test("what comes too late is judged again, and takes nothing back", async () => {
    await fc.assert(
      fc.asyncProperty(deliveries(80_000), async ({ candidates, arrivals }) => {
        const world = liveWorld(rules);
        for (const { candidate, arrives } of arrivals) {
          world.at(arrives);
          await world.close();
          await world.record([candidate]);
        }
        world.at(LATER);
        await world.close();
        const expected = await backtested(rules, candidates);
        expect([...world.sent.keys()]).toEqual(expect.arrayContaining([...expected.keys()]));
      }),
    );
  });
});
