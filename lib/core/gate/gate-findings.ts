/** Findings that the gate makes by itself: somebody overrode it, it let pass what it could not check, or the evidence does not hold. */
import { hash } from "node:crypto";
import type { Finding, Level } from "../record/finding.ts";
import type { Granted } from "../record/granted.ts";
import { fitLines } from "./fit-message.ts";
import type { GateDecision } from "./gate-decision.ts";
import { type GateQuestion, placeOf } from "./gate-question.ts";

/** Of what a finding says: more is cut off when it is recorded, and what was given as a reason stands behind it. */
const MAX_SAID_CHARS = 800;

interface GateRule {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly next: readonly string[];
}

/** What whoever names a rule calls them. */
export const GATE_RULES = {
  overridden: {
    id: "9b8a2c5e-61f4-4d0b-8f0e-3f1d2a7c4e90",
    title: "Gate at the release overridden",
    level: "high",
    next: [
      "What it means: a release manager let a delivery pass that the gate had stopped.",
      "What to check: the reason that was given, each reason of the gate's, and whether whoever overrode it took part in the delivery.",
      "How to contain: roll the release back where the reason does not hold; mend what the gate had stopped it for.",
    ],
  },
  unchecked: {
    id: "4f0d7d3a-2b9e-4c68-9a57-6f2f8a1f0c35",
    title: "Release let through without a check",
    level: "high",
    next: [
      "What it means: the gate could not find out what it needs, and gate.onError of gatebook.yml lets releases pass then.",
      "What to check: by hand what the gate could not, as its message lists it, and why it could not.",
      "How to contain: until it can again, set gate.onError to block.",
    ],
  },
  unproven: {
    id: "c1d7a4f2-8e3b-4b16-9c52-7a0e6d94b381",
    title: "Release stopped by evidence that does not hold",
    level: "high",
    next: [
      "What it means: the evidence log is not signed, or not what its signatures, its tiles or its index say, and a release stands on it.",
      "What to check: gatebook verify reads every byte and says the first thing wrong; docs/operations.md#evidence-that-stops-a-release has each sentence.",
      "How to contain: copy the log with gatebook pull before anything is mended, and find out who could write to its bucket and tables.",
    ],
  },
} as const satisfies Readonly<Record<string, GateRule>>;

/** The types of the events that carry them. */
const OPERATIONS: Readonly<Record<keyof typeof GATE_RULES, string>> = {
  overridden: "gate.overridden",
  unchecked: "gate.passed",
  unproven: "gate.blocked",
};

export interface GateActor {
  readonly principal: string;
  readonly person?: string;
  readonly granted: Granted;
}

/** @param event the id of the event that says what the gate did */
export function gateFinding(
  rule: keyof typeof GATE_RULES,
  question: GateQuestion,
  { event, time, actor, decision }: { event: string; time: number; actor: GateActor; decision: GateDecision },
): Finding {
  const { id, title, level, next } = GATE_RULES[rule];
  const place = placeOf(question);
  const said = [...decision.reasons.map(({ text }) => text), ...decision.unknown.map((what) => `not known: ${what}`)];
  const { by, reason, grant, tookPart } = decision.override ?? {};
  const given = reason === undefined ? "" : ` Reason given: ${reason}.`;
  const held = grant === undefined ? "" : ` ${by} is a release manager for a while, by ${grant}.`;
  const own = tookPart === true ? ` ${by} took part in this delivery.` : "";
  return {
    uid: hash("sha256", [id, question.trace, place, event].join("\n"), "hex"),
    rule: { id, title },
    level,
    time,
    principal: actor.principal,
    ...(actor.person !== undefined && { person: actor.person }),
    action: rule === "overridden" ? "pipeline.bypass" : "other",
    operation: OPERATIONS[rule],
    resource: place,
    event,
    granted: actor.granted,
    why: `${question.trace} ${rule === "unproven" ? "may not go" : "may go"} to ${place}${rule === "unproven" ? "" : ", although"}: ${fitLines(said, MAX_SAID_CHARS, (count) => `${count} more`).join("; ")}.${given}${held}${own}`,
    next,
    trace: question.trace,
  };
}
