/** With a memory, the same is found whatever the order in which events come, however they are batched, and however often. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate } from "../../../../lib/core/detections/detection.ts";
import type { DetectionMemory } from "../../../../lib/core/detections/memory/detection-memory.ts";
import { transientMemory } from "../../../../lib/core/detections/memory/transient-memory.ts";
import type { RuleSet } from "../../../../lib/core/detections/rule-set.ts";
import {
  candidatesOf,
  correlationText,
  detectorOf,
  kindRule,
  ruleSet,
  subjectsOf,
  type TestEvent,
} from "./rule-sets.ts";

const KINDS = ["a", "b", "c"];
const bases = KINDS.map((name) => kindRule(name));
const rulesOf = (correlation: string): RuleSet => ruleSet(...bases, correlationText(correlation));

const SETS: Record<string, RuleSet> = {
  event_count: rulesOf("type: event_count\nrules: [a, b]\ngroup-by: [who]\ntimespan: 10s\ncondition: { gte: 4 }"),
  value_count: rulesOf(
    "type: value_count\nrules: [a, b]\ngroup-by: [who]\ntimespan: 10s\ncondition: { field: what, gt: 2 }",
  ),
  temporal: rulesOf("type: temporal\nrules: [a, b, c]\ngroup-by: [who]\ntimespan: 10s"),
  temporal_ordered: rulesOf("type: temporal_ordered\nrules: [a, b, c]\ngroup-by: [who]\ntimespan: 10s"),
  chain: ruleSet(
    ...bases,
    "title: inner\nname: inner\ncorrelation: { type: event_count, rules: [a], group-by: [what], timespan: 5s, condition: { gte: 2 } }\n",
    correlationText("type: temporal_ordered\nrules: [inner, b]\ngroup-by: [who]\ntimespan: 20s"),
  ),
};

const event = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.integer({ min: 0, max: 60 }),
  who: fc.constantFrom("x", "y"),
  what: fc.constantFrom("1", "2", "3", "4"),
});
const events = fc
  .array(event, { minLength: 1, maxLength: 40 })
  .map((found) => found.map((each, i): TestEvent => ({ ...each, id: String(i) })));

/** The events in another order, some of them twice, in batches. */
const deliveries = events.chain((found) =>
  fc.record({
    events: fc.constant(found),
    arriving: fc
      .tuple(fc.shuffledSubarray(found, { minLength: found.length }), fc.subarray(found))
      .map(([all, again]) => [...all, ...again]),
    sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 10 }),
  }),
);

function batched(arriving: readonly TestEvent[], sizes: readonly number[]): Candidate[][] {
  const candidates = candidatesOf(arriving);
  const batches: Candidate[][] = [];
  for (let i = 0; candidates.length > 0; i++) batches.push(candidates.splice(0, sizes[i % sizes.length]));
  return batches;
}

async function inOrder(rules: RuleSet, found: readonly TestEvent[]): Promise<string[]> {
  return subjectsOf(detectorOf(rules), [candidatesOf(found)]);
}

describe.each(Object.entries(SETS))("%s", (_, rules) => {
  test("any order, any batches and any repetition come to the same", async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ events: found, arriving, sizes }) => {
        const detector = detectorOf(rules, transientMemory());
        const subjects = await subjectsOf(detector, batched(arriving, sizes));
        expect([...new Set(subjects)]).toEqual(await inOrder(rules, found));
      }),
    );
  });

  test("two workers at once find what one finds, and each thing once", async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, fc.scheduler(), async ({ events: found, sizes }, scheduler) => {
        const memory = scheduled(transientMemory(), scheduler);
        const half = Math.ceil(found.length / 2);
        const work = [found.slice(0, half), found.slice(half)].map((part) =>
          subjectsOf(detectorOf(rules, memory), batched(part, sizes)),
        );
        await scheduler.waitFor(Promise.all(work));
        expect((await Promise.all(work)).flat().sort()).toEqual(await inOrder(rules, found));
      }),
      { numRuns: 40 },
    );
  });

  test("a batch that comes again after what was found was lost is found again, whatever came between", async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, fc.nat(), async ({ events: found, sizes }, n) => {
        const memory = transientMemory();
        const detector = detectorOf(rules, memory);
        const batches = batched(found, sizes);
        const lost = n % batches.length;
        const subjects: string[] = [];
        for (const [i, batch] of batches.entries()) {
          const seen = await subjectsOf(detector, [batch]);
          if (i !== lost) subjects.push(...seen);
        }
        subjects.push(...(await subjectsOf(detector, [batches[lost] ?? []])));
        expect([...new Set(subjects)].sort()).toEqual(await inOrder(rules, found));
      }),
    );
  });
});

function scheduled(memory: DetectionMemory, scheduler: fc.Scheduler): DetectionMemory {
  return {
    recall: (keys) => scheduler.schedule(Promise.resolve()).then(() => memory.recall(keys)),
    remember: (writes) => scheduler.schedule(Promise.resolve()).then(() => memory.remember(writes)),
    claim: (key, owner) => scheduler.schedule(Promise.resolve()).then(() => memory.claim(key, owner)),
  };
}

test("a flood keeps the state small and changes no result", async () => {
  const rules = rulesOf(
    "type: value_count\nrules: [a]\ngroup-by: [who]\ntimespan: 1h\ncondition: { field: what, gte: 3 }",
  );
  const memory = transientMemory();
  const sizes: number[] = [];
  const watched: DetectionMemory = {
    ...memory,
    async recall(keys) {
      const recalled = await memory.recall(keys);
      sizes.push(...[...recalled.values()].map(({ members }) => members.size));
      return recalled;
    },
  };
  const detector = detectorOf(rules, watched);
  const flood = Array.from({ length: 3_000 }, (_, i) => ({
    kind: "a",
    id: String(i),
    at: i % 3_000,
    who: "x",
    what: "same",
  }));
  const candidates = candidatesOf(flood);
  for (let i = 0; i < candidates.length; i += 100)
    expect((await detector(candidates.slice(i, i + 100))).flat()).toEqual([]);
  expect(Math.max(...sizes)).toBeLessThan(20);
  const rest = ["other", "third"].map((what, i) => ({ kind: "a", id: what, at: 1_500 + i, who: "x", what }));
  expect((await detector(candidatesOf(rest))).flat()).toHaveLength(1);
});

test("nothing is asked and nothing remembered where no rule with a memory matches", async () => {
  const fail = async (): Promise<never> => Promise.reject(new Error("asked"));
  const rules = rulesOf("type: temporal\nrules: [a, b]\ngroup-by: []\ntimespan: 5m");
  const detector = detectorOf(rules, { recall: fail, remember: fail, claim: fail });
  const matches = await detector(
    candidatesOf([
      { kind: "c", at: 0 },
      { kind: "d", at: 1 },
    ]),
    { areRecorded: fail },
  );
  expect(matches.map((found) => found.length)).toEqual([1, 0]);
});

test("an event that is in the log already neither counts nor claims", async () => {
  const rules = rulesOf("type: event_count\nrules: [a]\ngroup-by: []\ntimespan: 5m\ncondition: { gte: 2 }");
  const candidates = candidatesOf([
    { kind: "a", at: 0, id: "old" },
    { kind: "a", at: 1, id: "new" },
  ]);
  const detector = detectorOf(rules, transientMemory());
  const areRecorded = async (ids: readonly string[]) => new Set(ids.filter((id) => id === "old"));
  expect((await detector(candidates, { areRecorded })).flat()).toEqual([]);
});
