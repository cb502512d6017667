/** What the gate did, as an event of Gatebook's own for the intake queue. */
import * as z from "zod";
import type { AuditRecord } from "../record/audit-record.ts";
import { boundedPrincipal } from "../sources/principal.ts";
import { fitMessage } from "./fit-message.ts";
import { describeDecision, type GateDecision, type Override } from "./gate-decision.ts";
import { type GateActor, gateFinding } from "./gate-findings.ts";
import { type GateQuestion, placeOf } from "./gate-question.ts";

export const OVERRIDDEN = "gate.overridden";

/** How long an override lets the same delivery pass: long enough to try a stage again, and not for the next day's release. */
export const OVERRIDE_MS = 4 * 60 * 60 * 1000;
/** Clocks differ. */
const MAX_AHEAD_MS = 5 * 60 * 1000;

/** Of an event's message and its reasons: names in them come from outside. */
const MAX_MESSAGE_CHARS = 8_000;

/** Under which it decides by itself. */
export const GATE: GateActor = { principal: "gatebook:gate", granted: { by: "service" } };

interface Done {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** Which of its ways it was asked by. */
  readonly by: "codepipeline" | "github" | "api";
  /** Who overrode it, where somebody did so with this question. */
  readonly actor?: GateActor;
}

/** An override that was given before is told with the decision, and alerted about once: when it was given. */
export function gateEvent(question: GateQuestion, decision: GateDecision, { id, time, by, actor }: Done): string {
  const uid = `gate:${id}`;
  const type = actor !== undefined ? OVERRIDDEN : decision.outcome === "pass" ? "gate.passed" : "gate.blocked";
  const rule = actor !== undefined ? "overridden" : ruleOf(decision);
  const doer = actor ?? GATE;
  const told = { event: uid, time, actor: doer, decision };
  return JSON.stringify({
    v: 1,
    kind: "gatebook",
    uid,
    time,
    type,
    principal: boundedPrincipal(doer.principal),
    granted: doer.granted,
    resource: placeOf(question),
    trace: question.trace,
    // What is done under a grant is found from it.
    ...(actor !== undefined && decision.override?.grant !== undefined && { links: [decision.override.grant] }),
    message: fitMessage(describeDecision(decision, question), MAX_MESSAGE_CHARS),
    ...(rule !== undefined && { findings: [gateFinding(rule, question, told)] }),
    details: {
      gate: {
        asked_by: by,
        place: placeOf(question),
        outcome: decision.outcome,
        because: decision.because,
        checks: decision.reasons.map(({ check }) => check),
        ...(decision.override !== undefined && { override: decision.override }),
      },
    },
  });
}

function ruleOf({ because, outcome, reasons }: GateDecision): "unchecked" | "unproven" | undefined {
  if (because === "onError" && outcome === "pass") return "unchecked";
  const isUnproven = outcome === "block" && reasons.some(({ check }) => check === "evidence");
  return isUnproven ? "unproven" : undefined;
}

const Overridden = z.object({
  gate: z.object({
    place: z.string(),
    override: z.object({ by: z.string(), reason: z.string(), grant: z.string().exactOptional() }),
  }),
});

/** @returns the override that is still good for this question, if there is one */
export function overrideIn(records: readonly AuditRecord[], question: GateQuestion, now: number): Override | undefined {
  for (const { event, trace } of records.toReversed()) {
    const { product, event_code } = event.metadata;
    // Names of operations and products are anybody's to claim; this vendor is not.
    const isOurs = event_code === OVERRIDDEN && product.vendor_name === "Gatebook" && trace === question.trace;
    const isGood = event.time > now - OVERRIDE_MS && event.time < now + MAX_AHEAD_MS;
    const told = isOurs && isGood ? Overridden.safeParse(event.unmapped).data?.gate : undefined;
    if (told?.place === placeOf(question)) return told.override;
  }
  return undefined;
}
