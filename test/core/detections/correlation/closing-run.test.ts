/** A run that judges what is due: when, how much, and what it does with what it cannot judge. */
import { describe, expect, test } from "vitest";
import type { Candidate } from "../../../../lib/core/detections/detection.ts";
import type { RuleSet } from "../../../../lib/core/detections/rule-set.ts";
import { LATENESS_MS, liveWorld } from "./closing-world.ts";
import { candidatesOf, correlationText, kindRule, ruleSet } from "./rule-sets.ts";

const countOf = (condition: string): RuleSet =>
  ruleSet(
    ...["a", "b"].map((name) => kindRule(name)),
    correlationText(`type: event_count\nrules: [a, b]\ngroup-by: [who]\ntimespan: 10s\ncondition: ${condition}`),
  );

/** Later than every due time. */
const LATER = Date.UTC(2026, 10, 25);

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
