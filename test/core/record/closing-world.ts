/** Recording with correlations that wait for the end of their time, and the minute's run that judges them. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { closeBuckets } from "../../../lib/core/detections/correlation/close-buckets.ts";
import { transientMemory } from "../../../lib/core/detections/memory/transient-memory.ts";
import type { RuleSet } from "../../../lib/core/detections/rule-set.ts";
import { keyName } from "../../../lib/core/evidence/event-index.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";

export const configuration = parseConfiguration(
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

/** Logging is stopped, so many minutes after ten. */
export function arrival(minute: number) {
  const eventTime = new Date(TEN + minute * MINUTE_MS).toISOString().replace(".000", "");
  return { id: `message ${minute}`, body: JSON.stringify({ ...template, eventID: `event-${minute}`, eventTime }) };
}

export function closingWorld(rules: RuleSet) {
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
