/** A finding: one access that looks wrong, with all that an alert has to say about it. */
import type { DeliveryAction } from "./delivery-action.ts";
import type { Granted } from "./granted.ts";

/** Sigma's levels, from harmless to urgent. */
export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

export function isAtLeast(level: Level, minimum: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(minimum);
}

export function highestLevel(findings: readonly Pick<Finding, "level">[]): Level | undefined {
  if (findings.length === 0) return undefined;
  return LEVELS.findLast((candidate) => findings.some(({ level }) => level === candidate));
}

export interface Finding {
  /** Equal for the same finding however often and by whichever worker it is made: SHA-256 in hex. */
  readonly uid: string;
  readonly rule: { readonly id: string; readonly title: string };
  readonly level: Level;
  /** When it happened, epoch milliseconds. */
  readonly time: number;
  readonly principal: string;
  readonly person?: string;
  readonly action: DeliveryAction;
  /** What was done, in the source's own word: an API operation, a webhook event. */
  readonly operation: string;
  readonly resource?: string;
  /** The source's own id of the event that made the finding. */
  readonly event: string;
  readonly granted: Granted;
  /** Why it is wrong: a sentence or two. */
  readonly why: string;
  /** What to do next, a line each. */
  readonly next: readonly string[];
  /** Names of the sensitive components that were touched. */
  readonly components?: readonly string[];
  /** A production environment was touched, or none was; absent where that is not known. */
  readonly production?: boolean;
  /** What the event changed, the most important first. */
  readonly changes?: readonly string[];
  /** Sigma's tags, such as `attack.t1078`. */
  readonly tags?: readonly string[];
  /** The rule is on trial: the finding is counted and nobody is told. */
  readonly staged?: boolean;
  /** What ties the delivery together that the event belongs to. */
  readonly trace?: string;
  /** When the same thing is harmless, a line each. */
  readonly falsePositives?: readonly string[];
  /** Of a correlation: the source's own ids of the other events that belong to it. */
  readonly events?: readonly string[];
  /** Of a correlation: how many it counted. */
  readonly count?: number;
  /** The rule's own level, where a critical component made the finding's one step higher. */
  readonly raisedFrom?: Level;
}
