/** Rules with a memory in the record path: over batches, crashes and redeliveries. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { transientMemory } from "../../../lib/core/detections/memory/transient-memory.ts";
import { readRuleSet } from "../../../lib/core/detections/rule-set.ts";
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
title: Logging was stopped again and again
id: 11111111-2222-4333-8444-555555555552
level: high
description: Somebody insists.
correlation:
  type: event_count
  rules: [logging_stopped]
  group-by: [userIdentity.arn, actor.user.type]
  timespan: 10m
  condition: { gte: 3 }
---
title: An address that was never seen
id: 11111111-2222-4333-8444-555555555553
level: medium
logsource: { product: gatebook, service: access }
first_seen: { fields: [src_endpoint.ip], within: 30d, learn: 1m }
detection: { selection: { api.operation: StopLogging }, condition: selection }
`;
const { set: rules, problems } = readRuleSet([{ file: "rules.yml", text: RULES }]);
const configuration = parseConfiguration("organisation: acme\nalerts: { email: [a@acme.example] }\n", "gatebook.yml");
const template = JSON.parse(readFileSync("test/events/cloudtrail/stop-logging.json", "utf8"));

function arrival(i: number, more: Record<string, unknown> = {}) {
  const eventTime = new Date(Date.UTC(2026, 10, 24, 10, i)).toISOString().replace(".000", "");
  return { id: `message ${i}`, body: JSON.stringify({ ...template, eventID: `event-${i}`, eventTime, ...more }) };
}

function recorderWith(memory = transientMemory()) {
  const index = memoryEventIndex();
  const record = createRecorder({ settings: { configuration, rules }, index, memory });
  let size = 0;
  return {
    /** Without the log: as if the function died before it appended. */
    async find(...arrivals: ReturnType<typeof arrival>[]): Promise<Finding[]> {
      const { recorded, rejected } = await record(arrivals);
      expect(rejected).toEqual([]);
      return recorded.flatMap(({ append }) => append.findings);
    },
    async append(...arrivals: ReturnType<typeof arrival>[]): Promise<Finding[]> {
      const { recorded } = await record(arrivals);
      const entries = recorded.map(({ append }) => append.index);
      await index.write({ origin: "test", time: size, from: size, size: size + entries.length, entries });
      size += entries.length;
      return recorded.flatMap(({ append }) => append.findings);
    },
  };
}

const titles = (findings: readonly Finding[]) => findings.map(({ rule }) => rule.title);

test("the rules can be read", () => expect(problems).toEqual([]));

test("the event that completes a correlation carries the finding, with the numbers and the others' ids", async () => {
  const { append } = recorderWith();
  expect(await append(arrival(0), arrival(1))).toEqual([]);
  const [finding, ...more] = await append(arrival(2));
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    rule: { id: "11111111-2222-4333-8444-555555555552", title: "Logging was stopped again and again" },
    level: "high",
    event: "event-2",
    principal: "arn:aws:iam::111122223333:user/bo",
    why: "Somebody insists. 3 events in 2 minutes, for userIdentity.arn arn:aws:iam::111122223333:user/bo, actor.user.type IAMUser.",
    events: ["event-0", "event-1"],
    count: 3,
  });
});

test("a redelivery counts for nothing, and another way of the same event neither", async () => {
  const { append } = recorderWith();
  await append(arrival(0), arrival(1));
  expect(await append(arrival(0), arrival(1), arrival(1))).toEqual([]);
});

test("a batch that was lost before it was recorded finds the same again, whatever was recorded meanwhile", async () => {
  const { append, find } = recorderWith();
  await append(arrival(0), arrival(1));
  const lost = await find(arrival(2), arrival(3));
  expect(titles(lost)).toEqual(["Logging was stopped again and again"]);
  expect(await append(arrival(4))).toEqual([]);
  expect((await append(arrival(2), arrival(3))).map(({ uid }) => uid)).toEqual(lost.map(({ uid }) => uid));
  expect(await append(arrival(2), arrival(3))).toEqual([]);
});

test("an event in the log already cannot claim what another one's crash left unclaimed", async () => {
  const memory = transientMemory();
  const { append, find } = recorderWith({
    ...memory,
    claim: async (key, owner, expires) => {
      if (isBroken) throw new Error("the function died");
      return memory.claim(key, owner, expires);
    },
  });
  let isBroken = false;
  await append(arrival(0), arrival(1));
  isBroken = true;
  await expect(find(arrival(2))).rejects.toThrow("died");
  isBroken = false;
  expect(await append(arrival(0))).toEqual([]);
  expect(titles(await append(arrival(2)))).toEqual(["Logging was stopped again and again"]);
});

test("what was never seen is said once, with the time that Gatebook has watched for", async () => {
  const { append } = recorderWith();
  expect(await append(arrival(0))).toEqual([]);
  const elsewhere = { sourceIPAddress: "198.51.100.7" };
  const [finding] = await append(arrival(20, elsewhere), arrival(21, elsewhere));
  expect(finding).toMatchObject({
    rule: { title: "An address that was never seen" },
    event: "event-20",
    why: "Never before in 30 days: src_endpoint.ip 198.51.100.7. Gatebook has watched this since 2026-11-24.",
  });
  expect(await append(arrival(40, elsewhere))).toEqual([]);
});
