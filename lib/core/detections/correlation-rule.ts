/** A correlation as parsed: which matches of which rules, within which time, make one finding (https://sigmahq.io/sigma-specification/specification/sigma-correlation-rules-specification.html). */
import type { Rule } from "./rule.ts";

export const CORRELATION_TYPES = [
  "event_count",
  "value_count",
  "temporal",
  "temporal_ordered",
  "value_sum",
  "value_avg",
  "value_percentile",
] as const;
type CorrelationType = (typeof CORRELATION_TYPES)[number];

export const BOUNDS = ["gt", "gte", "lt", "lte", "eq", "neq"] as const;

export interface CorrelationCondition {
  /** All have to hold. None: each of the rules has to match. */
  readonly bounds: readonly { readonly by: (typeof BOUNDS)[number]; readonly value: number }[];
  /** Whose values are counted or measured; several are counted together, as one value. */
  readonly fields: readonly string[];
  /** 0 to 100, of `value_percentile`. */
  readonly percentile?: number;
}

/** Plain JSON. */
export interface CorrelationRule
  extends Pick<Rule, "id" | "title" | "level" | "description" | "falsepositives" | "tags" | "runbook" | "file"> {
  /** Where the file has it. */
  readonly line: number;
  readonly name?: string;
  /** Counted and never mailed. */
  readonly staged?: boolean;
  readonly type: CorrelationType;
  /** Ids or names of rules and of other correlations. */
  readonly rules: readonly string[];
  /** Fields or aliases. An event without one of them is in no group. */
  readonly groupBy: readonly string[];
  /** By alias, the field that it stands for in the events of each rule. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly timespanMs: number;
  readonly condition: CorrelationCondition;
  /** The rules that it refers to make findings of their own too. */
  readonly generate: boolean;
}
