/** Findings that the gate makes by itself: somebody overrode it, or it let pass what it could not check. */
import { hash } from "node:crypto";
import type { Finding, Level } from "../record/finding.ts";
import type { Granted } from "../record/granted.ts";
import type { GateDecision } from "./gate-decision.ts";
import { type GateQuestion, placeOf } from "./gate-question.ts";

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
} as const satisfies Readonly<Record<string, GateRule>>;

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
  const { by, reason, tookPart } = decision.override ?? {};
  const given = reason === undefined ? "" : ` Reason given: ${reason}.`;
  const own = tookPart === true ? ` ${by} took part in this delivery.` : "";
  return {
    uid: hash("sha256", [id, question.trace, place, event].join("\n"), "hex"),
    rule: { id, title },
    level,
    time,
    principal: actor.principal,
    ...(actor.person !== undefined && { person: actor.person }),
    action: rule === "overridden" ? "pipeline.bypass" : "other",
    operation: rule === "overridden" ? "gate.overridden" : "gate.passed",
    resource: place,
    event,
    granted: actor.granted,
    why: `${question.trace} may go to ${place}, although: ${said.join("; ")}.${given}${own}`,
    next,
    trace: question.trace,
  };
}
