/** A finding: one access that looks wrong, with all that an alert has to say about it. */
import type { DeliveryAction } from "./delivery-action.ts";
import type { Granted } from "./granted.ts";

/** Sigma's levels, from harmless to urgent. */
export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

export function isAtLeast(level: Level, minimum: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(minimum);
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
}
