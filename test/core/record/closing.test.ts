/** A correlation that waits for the end of its time, from the events to the finding that is recorded. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { closeBuckets } from "../../../lib/core/detections/correlation/close-buckets.ts";
import { transientMemory } from "../../../lib/core/detections/memory/transient-memory.ts";
import { readRuleSet } from "../../../lib/core/detections/rule-set.ts";
import { keyName } from "../../../lib/core/evidence/event-index.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";

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
const configuration = parseConfiguration(
  `organisation: acme
alerts: { email: [a@acme.example] }
detections: { latenessMinutes: 7 }
components: [{ name: the trail, match: ["arn:aws:cloudtrail:*"], sensitivity: critical }]
people: [{ email: bo@acme.example, name: Bo, identities: ["arn:aws:iam::111122223333:user/bo"] }]
`,
  "gatebook.yml",
);
const template = JSON.parse(readFileSync("test/events/cloudtrail/stop-logging.json", "utf8"));
const TEN = Date.UTC(2026, 10, 24, 10);
const MINUTE_MS = 60_000;

function arrival(minute: number) {
  const eventTime = new Date(TEN + minute * MINUTE_MS).toISOString().replace(".000", "");
  return { id: `message ${minute}`, body: JSON.stringify({ ...template, eventID: `event-${minute}`, eventTime }) };
}

function world() {
  let now = TEN;
  const index = memoryEventIndex();
  const memory = transientMemory(() => now);
  const record = createRecorder({ settings: { configuration, rules }, index, memory });
  let size = 0;
  let queue: string[] = [];
  const append = async (bodies: readonly { id: string; body: string }[]): Promise<Finding[]> => {
    const { recorded, rejected } = await record(bodies);
    expect(rejected).toEqual([]);
    const known = await index.known(recorded.map(({ append: each }) => each.index));
    const fresh = recorded.filter(({ append: { index: entry } }) => !known.has(keyName(entry)));
    const entries = fresh.map(({ append: each }) => each.index);
    await index.write({ origin: "test", time: size, from: size, size: size + entries.length, entries });
    size += entries.length;
    return recorded.flatMap(({ append: each }) => each.findings);
  };
  return {
    append: (...minutes: number[]) => append(minutes.map(arrival)),
    size: () => size,
    /** A run of the function at a minute, and what is recorded of what it sent. */
    async close(minute: number): Promise<Finding[]> {
      now = TEN + minute * MINUTE_MS;
      const send = async (bodies: readonly string[]) => {
        queue.push(...bodies);
        return bodies.map((_, i) => String(i));
      };
      await closeBuckets({ rules, memory, open: memory, intake: { send }, now: () => now, hasTime: () => true });
      const sent = queue;
      queue = [];
      return append(sent.map((body, i) => ({ id: `own ${i}`, body })));
    },
  };
}

async function backtested(...minutes: number[]): Promise<Finding[]> {
  const record = createRecorder({ settings: { configuration, rules }, index: memoryEventIndex() });
  const { recorded } = await record(minutes.map(arrival));
  return recorded.flatMap(({ append }) => append.findings);
}

test("the rules can be read", () => expect(problems).toEqual([]));

test("what is recorded when the time is over is what a backtest finds, all of it", async () => {
  const { append, close } = world();
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
  const inTime = world();
  await inTime.append(5, 50);
  await inTime.append(55);
  expect(await inTime.close(67)).toEqual([]);

  const tooLate = world();
  await tooLate.append(5, 50);
  const [finding] = await tooLate.close(67);
  await tooLate.append(55);
  expect(await tooLate.close(74)).toEqual([]);
  expect(finding?.count).toBe(2);
});

test("a late event that has it judged again is told of under the same id, and recorded once", async () => {
  const { append, close, size } = world();
  await append(5);
  const [first] = await close(67);
  await append(50);
  const [second] = await close(74);
  expect(second?.uid).toBe(first?.uid);
  // Two events and one finding.
  expect(size()).toBe(3);
});
