/** The gate: finds out, decides, and puts the decision on record before anybody hears it. */
import { isContradiction } from "./evidence-state.ts";
import { decideGate, type GateDecision, type Judgement, type Override } from "./gate-decision.ts";
import { gateEvent, overrideIn } from "./gate-event.ts";
import { type GateFacts, gatherFacts } from "./gate-facts.ts";
import type { GateActor } from "./gate-findings.ts";
import type { GateQuestion } from "./gate-question.ts";
import type { GateWorld } from "./gate-world.ts";
import { judgeFacts } from "./judge-facts.ts";
import { knownOf, unknownOf } from "./known.ts";

/** CloudTrail tells of an approval within a quarter of an hour, and mostly much sooner; a webhook may have been held up. */
export const MAX_WAIT_MS = 15 * 60 * 1000;
/** Whoever is asked to approve may do so on Monday. */
export const MAX_APPROVAL_WAIT_MS = 7 * 24 * 60 * 60 * 1000;

export interface Asking {
  readonly by: "codepipeline" | "github" | "api";
  /** A release manager's, given with the question. */
  readonly override?: Override;
  /** That one was given, and nobody could say whether by somebody who may. */
  readonly unknown?: string;
  /** Who gave it, as IAM let them in. */
  readonly actor?: GateActor;
  /** For how long the asker has been waiting, in milliseconds, if it can ask again: what is told late may still come. */
  readonly waitedMs?: number;
}

/** Waiting is no decision, and is not recorded. */
export type GateAnswer = GateDecision | { readonly outcome: "wait" };

/** Never rejects: what fails is something that the gate could not find out. */
export async function askGate(question: GateQuestion, asking: Asking, world: GateWorld): Promise<GateAnswer> {
  const { configuration, now } = world;
  const facts = await gatherFacts(question, world);
  const judged = judgeFacts(question, facts, { configuration, now: now() });
  const isNeeded = judged.reasons.length + judged.unknown.length > 0;
  const { unknown: untold } = asking;
  const judgement = untold !== undefined && isNeeded ? { ...judged, unknown: [...judged.unknown, untold] } : judged;
  const standing = overrideIn(facts.overrides, question, now());
  const isBelieved = "unknown" in facts.evidence || !facts.evidence.known.some(isContradiction);
  const override = ownOverride(asking, facts) ?? (isBelieved ? standing : undefined);
  if (override === undefined && isWorthWaiting(facts, asking.waitedMs)) return { outcome: "wait" };
  const told = {
    ...judgement,
    remarks: [...judgement.remarks, ...(isBelieved || standing === undefined ? [] : [DOUBTED])],
  };
  return settle(question, told, { ...asking, ...(override !== undefined && { override }) }, world);
}

/** Whoever can forge the log can forge an override in it; IAM knows who gives one with the question. */
const DOUBTED =
  "the override on record does not count while the evidence contradicts itself: one that is given with the question does";

function ownOverride({ override }: Asking, { people }: GateFacts): Override | undefined {
  if (override === undefined || "unknown" in people) return override;
  const { starters, approvers, committers, reviewers, editors } = people.known;
  const tookPart = [starters, approvers, committers, reviewers, editors].some((some) => some.includes(override.by));
  return { ...override, tookPart };
}

/** With an actor where the override was given with this question. */
type Settling = Pick<Asking, "by" | "override" | "actor">;

/** Decides and records. Never rejects either: a decision that cannot be recorded is one more thing that the gate cannot be sure of. */
export async function settle(
  question: GateQuestion,
  judgement: Judgement,
  { by, override, actor: giver }: Settling,
  { configuration, intake, within, now, newId }: GateWorld,
): Promise<GateDecision> {
  const { onError } = configuration.gate;
  const decision = decideGate(judgement, onError, override);
  const actor = decision.because === "override" ? giver : undefined;
  const done = { id: newId(), time: now(), by, ...(actor !== undefined && { actor }) };
  const event = gateEvent(question, decision, done);
  const recorded = await knownOf("whether this decision is on record", () => within(intake.send([event])));
  if ("known" in recorded) return decision;
  // Not on record, an override is only somebody's word.
  return decideGate({ ...judgement, unknown: [...judgement.unknown, ...unknownOf(recorded)] }, onError);
}

function isWorthWaiting({ people }: GateFacts, waitedMs = Number.POSITIVE_INFINITY): boolean {
  if ("unknown" in people) return false;
  const { isTold, isApproverMissing, isAwaitingApproval } = people.known;
  const isLate = !isTold || isApproverMissing;
  return (isLate && waitedMs < MAX_WAIT_MS) || (isAwaitingApproval && waitedMs < MAX_APPROVAL_WAIT_MS);
}
