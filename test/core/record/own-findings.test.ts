/** What correlations found is an event of the log like others, and no event of a correlation: nothing is found in its own echo. */
import { expect, test } from "vitest";
import { readRuleSet } from "../../../lib/core/detections/rule-set.ts";
import { closingWorld } from "./closing-world.ts";

/** Of every event there is, Gatebook's own too, in one group. */
const RULES = `
title: Anything at all
name: anything
id: 11111111-2222-4333-8444-555555555551
level: low
logsource: { product: gatebook, service: access }
detection: { selection: { time|exists: true }, condition: selection }
---
title: Fewer than a hundred events in an hour
id: 11111111-2222-4333-8444-555555555552
level: medium
correlation: { type: event_count, rules: [anything], timespan: 1h, condition: { lt: 100 }, generate: true }
`;
const HOURS = 12;

test("a correlation over every event finds once what happened once, however long it runs", async () => {
  const { set, problems } = readRuleSet([{ file: "rules.yml", text: RULES }]);
  expect(problems).toEqual([]);
  const { append, close, size } = closingWorld(set);
  await append(5);
  const found = [];
  for (let hour = 1; hour <= HOURS; hour += 1) found.push(...(await close(hour * 60 + 10)));
  expect(found.filter(({ rule }) => rule.title.startsWith("Fewer"))).toHaveLength(1);
  // The event, and what was found in it.
  expect(size()).toBe(2);
});

test("a rule that looks at one event alone sees it all the same", async () => {
  const { set } = readRuleSet([{ file: "rules.yml", text: RULES }]);
  const { append, close } = closingWorld(set);
  await append(5);
  const told = (await close(67)).map(({ rule }) => rule.title);
  expect(told.toSorted()).toEqual(["Anything at all", "Fewer than a hundred events in an hour"]);
});
