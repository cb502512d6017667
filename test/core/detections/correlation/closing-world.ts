/** Correlations that wait for the end of their time, in a world whose clock the test moves. */

import { type Closed, closeBuckets } from "../../../../lib/core/detections/correlation/close-buckets.ts";
import type { Candidate, Match } from "../../../../lib/core/detections/detection.ts";
import { createDetector } from "../../../../lib/core/detections/detector.ts";
import { withMatch } from "../../../../lib/core/detections/finding-of-match.ts";
import type { DetectionMemory } from "../../../../lib/core/detections/memory/detection-memory.ts";
import type { OpenBuckets } from "../../../../lib/core/detections/memory/open-buckets.ts";
import { transientMemory } from "../../../../lib/core/detections/memory/transient-memory.ts";
import type { RuleSet } from "../../../../lib/core/detections/rule-set.ts";
import type { Finding } from "../../../../lib/core/record/finding.ts";
import { FindingSchema } from "../../../../lib/core/record/finding-schema.ts";
import { readGatebookMessage } from "../../../../lib/core/sources/gatebook.ts";
import { detectorOf } from "./rule-sets.ts";

export const LATENESS_MS = 5_000;

export interface LiveWorld {
  readonly memory: DetectionMemory & OpenBuckets;
  /** Moves the clock, which never goes back. */
  at(time: number): void;
  record(batch: readonly Candidate[]): Promise<void>;
  /** A run of the function, with the rules of the moment. */
  close(rules?: RuleSet): Promise<Closed>;
  /** What was sent, by the event's id: once, however often it was sent. */
  readonly sent: Map<string, Finding>;
  /** How often something was sent. */
  sends(): number;
}

/** @param failing asked before and after each call of a closing run; where it answers true, that call fails */
export function liveWorld(
  rules: RuleSet,
  failing: () => boolean = () => false,
  create: (now: () => number) => DetectionMemory & OpenBuckets = transientMemory,
): LiveWorld {
  let now = 0;
  let sends = 0;
  const memory = create(() => now);
  const detector = createDetector({ rules, placeholders: {}, memory, latenessMs: LATENESS_MS });
  const texts = new Map<string, string>();
  const sent = new Map<string, Finding>();
  const perhaps = async <T>(step: () => Promise<T>): Promise<T> => {
    if (failing()) throw new Error("it did not arrive");
    const answer = await step();
    if (failing()) throw new Error("it arrived, and nobody heard");
    return answer;
  };
  const take = (body: string): void => {
    sends += 1;
    // As the recorder reads it.
    const { event } = readGatebookMessage(JSON.parse(body), body);
    const known = texts.get(event.uid);
    if (known !== undefined && JSON.parse(known).time !== event.time) throw new Error("one id has two times");
    if (known !== undefined) return;
    texts.set(event.uid, body);
    for (const finding of event.findings ?? []) sent.set(finding.uid, FindingSchema.parse(finding));
  };
  return {
    memory,
    sent,
    sends: () => sends,
    at(time) {
      now = Math.max(now, time);
    },
    async record(batch) {
      const matches = await detector(batch, { findingOf: (position, rule) => findingAbout(batch[position], rule) });
      if (matches.flat().some(({ subject }) => subject !== undefined)) throw new Error("it did not wait");
    },
    close: (current = rules) =>
      closeBuckets({
        rules: current,
        memory,
        open: {
          due: (at, limit) => perhaps(() => memory.due(at, limit)),
          close: (key, revision, expires) => perhaps(() => memory.close(key, revision, expires)),
        },
        intake: {
          send: (bodies) =>
            perhaps(async () => {
              for (const body of bodies) take(body);
              return bodies.map((_, i) => String(i));
            }),
        },
        now: () => now,
        hasTime: () => true,
      }),
  };
}

/** What a rule says of one event. */
function findingAbout(candidate: Candidate | undefined, rule: Match["rule"]): Finding {
  const { id = "", time = 0 } = candidate ?? {};
  return {
    uid: `of ${id}`,
    rule: { id: rule.id, title: rule.title },
    level: rule.level,
    time,
    principal: `who did ${id}`,
    action: "other",
    operation: "Operate",
    event: id,
    granted: { by: "unknown" },
    why: rule.description,
    next: [],
  };
}

/** What a backtest over all of them finds, by uid. */
export async function backtested(rules: RuleSet, candidates: readonly Candidate[]): Promise<Map<string, Finding>> {
  const matches = await detectorOf(rules)(candidates);
  const findings = matches.flatMap((found, i) =>
    found
      .filter(({ subject }) => subject !== undefined)
      .map((match) => withMatch(findingAbout(candidates[i], match.rule), match)),
  );
  return new Map(findings.map((finding) => [finding.uid, finding]));
}
