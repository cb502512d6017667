/** The gate's decision, and its one message: every reason, in words for whoever waits for the release. */
import type { Configuration } from "../configuration/configuration.ts";
import { type GateQuestion, placeOf } from "./gate-question.ts";

/** What a release can fail on. */
type GateCheck =
  | "place"
  | "source"
  | "four-eyes"
  | "mfa"
  | "leaver"
  | "review"
  | "break-glass"
  | "finding"
  | "evidence"
  | "window";

export interface GateReason {
  readonly check: GateCheck;
  /** A clause, without a full stop. */
  readonly text: string;
}

/** What the facts come to. */
export interface Judgement {
  /** Why not. */
  readonly reasons: readonly GateReason[];
  /** What the gate needs and could not find out. */
  readonly unknown: readonly string[];
  /** What nobody could tell, and does not stop a release. */
  readonly remarks: readonly string[];
}

export interface Override {
  /** E-mail address of the release manager. */
  readonly by: string;
  readonly reason: string;
  /** By which they were a release manager when they gave it, where gatebook.yml does not make them one. */
  readonly grant?: string;
  /** Whoever gave it wrote, reviewed, started or approved the delivery, or changed its pipeline. */
  readonly tookPart?: boolean;
}

export interface GateDecision extends Judgement {
  readonly outcome: "pass" | "block";
  /** What decided: the checks, somebody's override, or `gate.onError` where the gate could not know. */
  readonly because: "checks" | "override" | "onError";
  readonly override?: Override;
}

/** A reason that is known blocks, whatever else could not be found out. */
export function decideGate(
  judgement: Judgement,
  onError: Configuration["gate"]["onError"],
  override?: Override,
): GateDecision {
  const { reasons, unknown } = judgement;
  if (reasons.length === 0 && unknown.length === 0) return { ...judgement, outcome: "pass", because: "checks" };
  if (override !== undefined) return { ...judgement, outcome: "pass", because: "override", override };
  if (reasons.length > 0) return { ...judgement, outcome: "block", because: "checks" };
  return { ...judgement, outcome: onError === "allow" ? "pass" : "block", because: "onError" };
}

/** Lines, the answer first. */
export function describeDecision(decision: GateDecision, question: GateQuestion): string {
  const { reasons, unknown, remarks } = decision;
  const lines = [
    `Gatebook: ${answerOf(decision)}, ${question.trace} ${decision.outcome === "pass" ? "may" : "may not"} go to ${placeOf(question)} now${becauseOf(decision)}`,
    ...reasons.map(({ text }) => `- ${text}`),
    ...unknown.map((what) => `- not known: ${what}`),
    ...(remarks.length === 0 ? [] : ["For your information:", ...remarks.map((remark) => `- ${remark}`)]),
    ...(decision.outcome === "block" ? [NEXT] : []),
  ];
  // Names in it come from outside: none may make a line of its own.
  return lines.map((line) => line.replace(/[\s\p{Cc}]+/gu, " ")).join("\n");
}

/** Its last line, where it says no. */
export const NEXT =
  "Mend this and try again. If it cannot wait, a release manager can override it with a reason: docs/operations.md#override-the-gate";

function answerOf({ outcome }: GateDecision): string {
  return outcome === "pass" ? "yes" : "no";
}

function grantOf(override: Override | undefined): string {
  return override?.grant === undefined ? "" : ` as release-manager by ${override.grant}`;
}

function becauseOf({ because, outcome, override, reasons, unknown }: GateDecision): string {
  switch (because) {
    case "override":
      return `, since ${override?.by} overrode the gate${grantOf(override)}: ${override?.reason}. What it would have said:`;
    case "onError":
      return outcome === "pass"
        ? ". The gate could not find out everything, and gate.onError is allow:"
        : ". The gate could not find out everything, and gate.onError is block:";
    case "checks":
      return reasons.length + unknown.length > 0 ? ":" : ".";
  }
}
