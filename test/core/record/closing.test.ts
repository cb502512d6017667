/** A correlation that waits for the end of its time, from the events to the finding that is recorded. */
import { expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { readRuleSet } from "../../../lib/core/detections/rule-set.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { arrival, closingWorld, configuration } from "./closing-world.ts";

const RULES = `
title: Logging was stopped
name: logging_stopped
id: 11111111-2222-4333-8444-555555555551
level: low
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: StopLogging }, condition: selection }
---
title: Logging was stopped by hand, not by the job that does it three times
id: 11111111-2222-4333-8444-555555555552
level: high
description: The job stops it three times.
runbook: ["What it means: x", "What to check: y", "How to contain: z"]
correlation:
  type: event_count
  rules: [logging_stopped]
  group-by: [userIdentity.arn]
  timespan: 1h
  condition: { lt: 3 }
`;
const { set: rules, problems } = readRuleSet([{ file: "rules.yml", text: RULES }]);
async function backtested(...minutes: number[]): Promise<Finding[]> {
  const record = createRecorder({ settings: { configuration, rules }, index: memoryEventIndex() });
  const { recorded } = await record(minutes.map(arrival));
  return recorded.flatMap(({ append }) => append.findings);
}

test("the rules can be read", () => expect(problems).toEqual([]));

test("what is recorded when the time is over is what a backtest finds, all of it", async () => {
  const { append, close } = closingWorld(rules);
  expect(await append(5, 50)).toEqual([]);
  expect(await close(66)).toEqual([]);
  const found = await close(67);
  expect(found).toEqual(await backtested(5, 50));
  expect(found).toMatchObject([
    {
      level: "critical",
      raisedFrom: "high",
      event: "event-50",
      principal: "arn:aws:iam::111122223333:user/bo",
      person: "bo@acme.example",
      why: "The job stops it three times. 2 events in a period of 1 hour, for userIdentity.arn arn:aws:iam::111122223333:user/bo.",
      next: ["What it means: x", "What to check: y", "How to contain: z"],
      events: ["event-5"],
      count: 2,
    },
  ]);
  expect(await close(68)).toEqual([]);
});

test("a third event in time undoes it, and one that is too late does not", async () => {
  const inTime = closingWorld(rules);
  await inTime.append(5, 50);
  await inTime.append(55);
  expect(await inTime.close(67)).toEqual([]);

  const tooLate = closingWorld(rules);
  await tooLate.append(5, 50);
  const [finding] = await tooLate.close(67);
  await tooLate.append(55);
  expect(await tooLate.close(74)).toEqual([]);
  expect(finding?.count).toBe(2);
});

test("a late event that has it judged again is told of under the same id, and recorded once", async () => {
  const { append, close, size } = closingWorld(rules);
  await append(5);
  const [first] = await close(67);
  await append(50);
  const [second] = await close(74);
  expect(second?.uid).toBe(first?.uid);
  // Two events and one finding.
  expect(size()).toBe(3);
});
