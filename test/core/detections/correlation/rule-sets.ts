/** Correlations for tests, from what matters about them. */
import type { Candidate } from "../../../../lib/core/detections/detection.ts";
import { createDetector, type Detector } from "../../../../lib/core/detections/detector.ts";
import type { DetectionMemory } from "../../../../lib/core/detections/memory/detection-memory.ts";
import { type RuleSet, readRuleSet } from "../../../../lib/core/detections/rule-set.ts";

/** A rule that matches events with this `kind`. */
export function kindRule(name: string, more = ""): string {
  const id = `11111111-2222-4333-8444-${Buffer.from(name).toString("hex").padStart(12, "0").slice(-12)}`;
  return `title: ${name}
id: ${id}
name: ${name}
level: low
logsource: { product: test }
${more}detection: { selection: { kind: ${name} }, condition: selection }
`;
}

export const CORRELATION_ID = "0e95725d-7320-415d-80f7-004da920fc11";

export function correlationText(correlation: string, more = ""): string {
  return `title: Many of them
id: ${CORRELATION_ID}
level: high
description: They are many.
${more}correlation:
${correlation.trim().replaceAll(/^/gm, "  ")}
`;
}

/** @throws Error for what cannot be read */
export function ruleSet(...documents: readonly string[]): RuleSet {
  const { set, problems } = readRuleSet([{ file: "rules.yml", text: documents.join("---\n") }]);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`rules.yml:${problem.line}: ${problem.reason}`);
  return set;
}

export interface TestEvent {
  readonly kind: string;
  readonly id?: string;
  /** Seconds. */
  readonly at: number;
  readonly [field: string]: unknown;
}

/** Noon: no edge of a bucket, whatever its length. */
const NOON = Date.UTC(2026, 10, 24, 12, 0, 30);

export function candidatesOf(events: readonly TestEvent[]): Candidate[] {
  return events.map((event, i) => {
    const id = event.id ?? String(i);
    return { id, event: id, time: NOON + event.at * 1000, raw: { product: "test", record: event } };
  });
}

export function detectorOf(rules: RuleSet, memory?: DetectionMemory): Detector {
  return createDetector({ rules, placeholders: {}, memory });
}

/** `position:title` of each match. */
export async function matchesOf(
  rules: RuleSet,
  events: readonly TestEvent[],
  memory?: DetectionMemory,
): Promise<string[]> {
  const matches = await detectorOf(rules, memory)(candidatesOf(events));
  return matches.flatMap((found, i) => found.map(({ rule }) => `${i}:${rule.title}`));
}

/** What is found by rules with a memory, without regard to the event that it is attached to. */
export async function subjectsOf(detector: Detector, batches: readonly (readonly Candidate[])[]): Promise<string[]> {
  const subjects: string[] = [];
  for (const batch of batches) {
    for (const { rule, subject } of (await detector(batch)).flat()) {
      if (subject !== undefined) subjects.push(`${rule.id} ${subject}`);
    }
  }
  return subjects.sort();
}
