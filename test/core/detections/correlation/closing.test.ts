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

describe("a group of few", () => {
  const rules = countOf("{ lt: 3 }");
  const [first, second, third] = candidatesOf([
    { kind: "a", at: 0, who: "x" },
    { kind: "a", at: 1, who: "x" },
    { kind: "a", at: 2, who: "x" },
  ]) as [Candidate, Candidate, Candidate];
  const end = Math.ceil((first.time + 1) / 10_000) * 10_000;

  test("is told when its time is over and late events have had theirs, not before, with who, why and how many", async () => {
    const world = liveWorld(rules);
    world.at(first.time);
    await world.record([first, second]);
    world.at(end + LATENESS_MS - 1);
    expect(await world.close()).toMatchObject({ judged: 0, findings: 0 });
    world.at(end + LATENESS_MS);
    expect(await world.close()).toEqual({ judged: 1, findings: 1, forgotten: 0, cut: new Set() });
    expect([...world.sent.values()]).toMatchObject([
      {
        principal: "who did 1",
        event: "1",
        why: "They are many. 2 events in a period of 10 seconds, for who x.",
        events: ["0"],
        count: 2,
      },
    ]);
  });

  test("says nothing of a group that nothing is known of", async () => {
    const world = liveWorld(rules);
    world.at(LATER);
    expect(await world.close()).toMatchObject({ judged: 0 });
  });

  test("an event between judging and closing has it judged again", async () => {
    const world = liveWorld(countOf("{ eq: 3 }"));
    world.at(first.time);
    await world.record([first, second]);
    world.at(end + LATENESS_MS);
    const [due] = await world.memory.due(end + LATENESS_MS, 10);
    const bucket = [...(await world.memory.recall([due ?? { key: "", bucket: "" }])).values()][0];
    await world.record([third]);
    await world.memory.close(due ?? { key: "", bucket: "" }, bucket?.waiting?.revision ?? 0, 0);
    expect(await world.close()).toMatchObject({ judged: 1, findings: 1 });
  });

  test("of a log file that is imported years later waits for the rest of it, and not for ever", async () => {
    const world = liveWorld(rules);
    world.at(LATER);
    await world.record([first]);
    world.at(LATER + LATENESS_MS - 1);
    await world.record([second]);
    expect(await world.close()).toMatchObject({ judged: 0 });
    world.at(LATER + LATENESS_MS);
    expect(await world.close()).toMatchObject({ judged: 1, findings: 1 });
  });

  test("a flood of a group that is too many already keeps the state small", async () => {
    const world = liveWorld(rules);
    const flood = candidatesOf(Array.from({ length: 1_000 }, (_, i) => ({ kind: "a", at: i / 1_000, who: "x" })));
    for (let i = 0; i < flood.length; i += 100) await world.record(flood.slice(i, i + 100));
    const [due] = await world.memory.due(LATER, 10);
    const [bucket] = (await world.memory.recall([due ?? { key: "", bucket: "" }])).values();
    expect(bucket?.members.size).toBeLessThan(10);
    world.at(LATER);
    expect(await world.close()).toMatchObject({ judged: 1, findings: 0 });
  });
});

test("more than fits into one run is judged by the next, the oldest first", async () => {
  const world = liveWorld(countOf("{ lt: 3 }"));
  const groups = 5_020;
  await world.record(
    candidatesOf(Array.from({ length: groups }, (_, i) => ({ kind: "a", at: (i % 20) * 10, who: `${i}` }))),
  );
  world.at(LATER);
  expect(await world.close()).toMatchObject({ judged: 5_000, findings: 5_000 });
  expect(await world.close()).toMatchObject({ judged: 20, findings: 20 });
  expect(world.sends()).toBe(groups);
});

describe("a rule that is there no longer", () => {
  const rules = countOf("{ lt: 3 }");
  const batch = candidatesOf([{ kind: "a", at: 0, who: "x" }]);
  const due = Math.ceil(((batch[0]?.time ?? 0) + 1) / 10_000) * 10_000 + LATENESS_MS;

  test("is waited for, as long as a deployment may take, and then forgotten", async () => {
    const world = liveWorld(rules);
    await world.record(batch);
    world.at(due + 60 * 60 * 1000 - 1);
    expect(await world.close(countOf("{ lt: 4 }"))).toMatchObject({ judged: 0, forgotten: 0 });
    expect(await world.memory.due(LATER, 10)).toHaveLength(1);
    world.at(due + 60 * 60 * 1000);
    expect(await world.close(countOf("{ lt: 4 }"))).toMatchObject({ judged: 0, forgotten: 1 });
    expect(await world.memory.due(LATER, 10)).toEqual([]);
    expect(world.sent.size).toBe(0);
  });
});

test("one that cannot be read holds up no other, is named, and stays", async () => {
  const rules = countOf("{ lt: 3 }");
  const world = liveWorld(rules);
  await world.record(candidatesOf([{ kind: "a", at: 0, who: "x" }]));
  const [key] = await world.memory.due(LATER, 10);
  const judge = { end: 0, latenessMs: 0, latest: { at: "z", text: '{"label":7,"__proto__":{}}' } };
  await world.memory.remember([{ key: key?.key ?? "", bucket: key?.bucket ?? "", add: ["["], remove: [], judge }]);
  await world.record(candidatesOf([{ kind: "a", at: 0, who: "y" }]));
  world.at(LATER);
  await expect(world.close()).rejects.toThrow(
    expect.objectContaining({
      code: "UNAVAILABLE",
      message: expect.stringMatching(/^1 could not be judged: .* look at this item/),
    }),
  );
  expect([...world.sent.values()].map(({ why }) => why)).toEqual([
    "They are many. 1 event in a period of 10 seconds, for who y.",
  ]);
  expect(await world.memory.due(LATER, 10)).toEqual([expect.objectContaining({ key: key?.key })]);
});
