/** What goes into detection, an event, and what comes out, matches of rules. */
import type { CorrelationRule } from "./correlation-rule.ts";
import type { Candidate as EventCandidate } from "./match/detect.ts";
import type { Rule } from "./rule.ts";

/** One event of a batch. */
export interface Candidate extends EventCandidate {
  /** What it is called whenever it is delivered. */
  readonly id: string;
  /** When it happened, epoch milliseconds; NaN where nobody knows, and then it is neither counted with others nor the first of anything. */
  readonly time: number;
  /** The source's own id, to be named in alerts. */
  readonly event: string;
  /** What a correlation found: an event for rules about one event alone. Counted with others, it would be found again, for ever. */
  readonly isEcho?: boolean;
}

/** A rule that an event tripped. */
export interface Match {
  readonly rule: Rule | CorrelationRule;
  /** What the match is about where that is more than one event: whichever event completes it, it is the same. */
  readonly subject?: string;
  /** The numbers behind the match, as a sentence. */
  readonly why?: string;
  /** The sources' ids of further events that are part of it. */
  readonly events?: readonly string[];
  /** How many events are part of it. */
  readonly count?: number;
}
