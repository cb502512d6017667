/** `first_seen`: a rule fires for what it has not seen before, once, in whatever order events come. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { transientMemory } from "../../../lib/core/detections/memory/transient-memory.ts";
import {
  candidatesOf,
  detectorOf,
  kindRule,
  matchesOf,
  ruleSet,
  subjectsOf,
  type TestEvent,
} from "./correlation/rule-sets.ts";

const DAY = 24 * 60 * 60;

const rulesWith = (within: string, learn: string) =>
  ruleSet(kindRule("read", `first_seen: { fields: [who, what], within: ${within}, learn: ${learn} }\n`));

const read = (day: number, who: unknown = "ana", what: unknown = "secret"): TestEvent => ({
  kind: "read",
  id: `${day} ${who} ${what}`,
  at: day * DAY,
  who,
  what,
});

describe("over all events there are", () => {
  const rules = rulesWith("90d", "14d");

  test("learns from the first event of the data on, then fires for what is new, once", async () => {
    const events = [
      { kind: "other", at: 0 },
      read(1),
      read(15),
      read(16, "bo"),
      read(17, "bo"),
      read(18, "ana", "other"),
    ];
    expect(await matchesOf(rules, events)).toEqual(["3:read", "5:read"]);
    expect(await matchesOf(rules, events.slice(1, 4))).toEqual(["2:read"]);
    expect(await matchesOf(rules, [read(1), read(14.9, "bo")])).toEqual([]);
  });

  test("fires again after as long a time without", async () => {
    expect(await matchesOf(rules, [read(0), read(20, "bo"), read(109, "bo"), read(300, "bo")])).toEqual([
      "1:read",
      "3:read",
    ]);
  });

  test("says what is new and since when it was watched", async () => {
    const [match] = (await detectorOf(rules)(candidatesOf([read(0), read(20, "bo")]))).flat();
    expect(match?.why).toBe(
      "Never before in 90 days: who bo, what secret. Gatebook has watched this since 2026-11-24.",
    );
  });

  test("an event without one of the fields shows nothing new, and hostile values are values", async () => {
    const none = { kind: "read", at: 20 * DAY, who: "bo" };
    expect(await matchesOf(rules, [read(0), none])).toEqual([]);
    const huge = "x".repeat(1_000_000);
    expect(await matchesOf(rules, [read(0), read(20, huge, { deep: [Number.NaN] })])).toEqual(["1:read"]);
    const many = Array.from({ length: 2_000 }, (_, i) => String(i));
    expect((await matchesOf(rules, [read(0), read(20, many, many)])).length).toBeLessThan(20);
  });

  test("is part of a correlation when it fires, and not when it does not", async () => {
    const silent = ruleSet(
      kindRule("read", "first_seen: { fields: [who, what], within: 90d, learn: 14d }\n"),
      `title: Spree\nname: spree\ncorrelation: { type: event_count, rules: [read], group-by: [who], timespan: 1d, condition: { gte: 2 } }\n`,
    );
    const events = [read(0, "bo", "a"), read(20, "bo", "b"), read(20.1, "bo", "a"), read(20.2, "bo", "c")];
    expect(await matchesOf(silent, events)).toEqual(["3:Spree"]);
  });
});

describe("with a memory", () => {
  test("learns from the first event that the rule saw, and remembers over batches and workers", async () => {
    const rules = rulesWith("90d", "14d");
    const memory = transientMemory();
    const found: number[] = [];
    for (const event of [read(0), read(20), read(20, "bo"), read(21, "bo"), read(300)]) {
      found.push((await detectorOf(rules, memory)(candidatesOf([event]))).flat().length);
    }
    expect(found).toEqual([0, 0, 1, 0, 1]);
  });

  test("an event from before all others moves the beginning, and is not new", async () => {
    const rules = rulesWith("30d", "14d");
    const detector = detectorOf(rules, transientMemory());
    expect((await detector(candidatesOf([read(100)]))).flat()).toHaveLength(0);
    expect((await detector(candidatesOf([read(10, "old")]))).flat()).toHaveLength(0);
    expect((await detector(candidatesOf([read(101, "bo")]))).flat()).toHaveLength(1);
  });

  test("a changed rule learns anew", async () => {
    const memory = transientMemory();
    const other = ruleSet(kindRule("read", "first_seen: { fields: [who], within: 90d, learn: 14d }\n"));
    await detectorOf(rulesWith("90d", "14d"), memory)(candidatesOf([read(0)]));
    expect((await detectorOf(other, memory)(candidatesOf([read(20, "bo")]))).flat()).toEqual([]);
  });

  const events = fc
    .array(
      fc.record({
        hour: fc.integer({ min: 0, max: 24 * 40 }),
        who: fc.constantFrom("a", "b", "c"),
        what: fc.constantFrom("1", "2"),
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((all) =>
      all.map(({ hour, ...rest }, i): TestEvent => ({ kind: "read", id: String(i), at: hour * 3600, ...rest })),
    );

  /** Each event comes at most so many hours after one that happened later. */
  const late = events.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: all.length, maxLength: all.length }),
    ),
  );

  test("any order within the allowed lateness, and any repetition, finds as much of the same values, once", async () => {
    const rules = rulesWith("20d", "5d");
    const valuesOf = async (arriving: readonly TestEvent[]): Promise<string[]> => {
      const detector = detectorOf(rules, transientMemory());
      const found: string[] = [];
      for (const event of [...arriving, ...arriving]) {
        const matches = (await detector(candidatesOf([event]))).flat();
        // The same event again is the same finding: it was not recorded the first time.
        found.push(...matches.map(({ subject }) => String(subject)));
      }
      return [...new Set(found)].map((subject) => subject.slice(0, subject.lastIndexOf(":"))).sort();
    };
    await fc.assert(
      fc.asyncProperty(late, async ([all, delays]) => {
        // The first is the first to arrive, and learning is over a day before the others: what comes late from before its end may be new or not.
        const first = { kind: "read", id: "first", at: -3_600 * 24 * 6, who: "z", what: "z" };
        const inOrder = all.toSorted((a, b) => a.at - b.at);
        const arriving = all
          .map((event, i) => ({ event, arrives: event.at + (delays[i] ?? 0) * 3600 }))
          .sort((a, b) => a.arrives - b.arrives)
          .map(({ event }) => event);
        expect(await valuesOf([first, ...arriving])).toEqual(await valuesOf([first, ...inOrder]));
      }),
    );
  });

  test("what came late from before the edge of two periods is not new again", async () => {
    const rules = rulesWith("90d", "14d");
    const [start] = candidatesOf([read(0)]);
    const period = 90 * DAY * 1000;
    const edge = (Math.floor((start?.time ?? 0) / period) + 1) * period;
    const at = (time: number, id: string) => candidatesOf([read(0, "bo")]).map((each) => ({ ...each, time, id }));
    const detector = detectorOf(rules, transientMemory());
    expect((await detector(at(edge - 60 * DAY * 1000, "first"))).flat()).toHaveLength(0);
    const found = [];
    for (const [time, who] of [
      [edge + 3_600_000, "cy"],
      [edge - 3_600_000, "cy"],
    ] as const) {
      const [candidate] = candidatesOf([read(0, who)]);
      if (candidate !== undefined) found.push(...(await detector([{ ...candidate, time, id: String(time) }])).flat());
    }
    expect(found).toHaveLength(1);
  });

  test("a batch that comes again after what was found was lost is found again", async () => {
    const rules = rulesWith("90d", "14d");
    const memory = transientMemory();
    await detectorOf(rules, memory)(candidatesOf([read(0)]));
    const batch = [candidatesOf([read(20, "bo"), read(20.5, "bo")])];
    const lost = await subjectsOf(detectorOf(rules, memory), batch);
    await detectorOf(rules, memory)(candidatesOf([read(21, "bo")]));
    expect(lost).toHaveLength(1);
    expect(await subjectsOf(detectorOf(rules, memory), batch)).toEqual(lost);
  });

  test("crashes between claim and memory, or before either, lose nothing", async () => {
    const rules = rulesWith("90d", "14d");
    for (const broken of ["recall", "claim", "remember"] as const) {
      const memory = transientMemory();
      await detectorOf(rules, memory)(candidatesOf([read(0)]));
      const fails = { ...memory, [broken]: async () => Promise.reject(new Error("gone")) };
      await expect(detectorOf(rules, fails)(candidatesOf([read(20, "bo")]))).rejects.toThrow("gone");
      expect((await detectorOf(rules, memory)(candidatesOf([read(20, "bo")]))).flat()).toHaveLength(1);
    }
  });
});
