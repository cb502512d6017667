/** A detection rule as parsed: plain JSON, so that it can be stored beside a function and compiled there. */
import type { Level } from "../record/finding.ts";

export type Value = string | number | boolean | null;

/** How one field is compared. `equals`, `contains`, `startswith` and `endswith` know the wildcards `*` and `?`. */
export const COMPARISONS = [
  "equals",
  "contains",
  "startswith",
  "endswith",
  "exists",
  "cidr",
  "gt",
  "gte",
  "lt",
  "lte",
  "fieldref",
] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** One line of a selection: `field|modifiers: values`. */
export interface FieldTest {
  /** Dotted path. */
  readonly field: string;
  /** Where the rule's file has it, for messages of the compiler. */
  readonly line: number;
  readonly comparison: Comparison;
  /** Each of the values has to match, not any one. */
  readonly all: boolean;
  readonly cased: boolean;
  /** Modifier `neq`: the test holds where none of the values matches. */
  readonly negated: boolean;
  /** The values hold %placeholders%. */
  readonly expand: boolean;
  readonly values: readonly Value[];
}

/** A named search: any of the alternatives, each of which is all of its tests. */
export interface Selection {
  readonly name: string;
  readonly alternatives: readonly (readonly FieldTest[])[];
}

export type Condition =
  | { readonly type: "selection"; readonly name: string }
  | { readonly type: "not"; readonly condition: Condition }
  | { readonly type: "any" | "all"; readonly conditions: readonly Condition[] };

export interface Logsource {
  readonly product: string;
  readonly service?: string;
}

/** The log source of rules over the normalised record. */
export const RECORD_LOGSOURCE = { product: "gatebook", service: "access" } as const;

export interface Rule {
  /** Stays the same when title and file change: findings are told apart by it. */
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly description: string;
  readonly falsepositives: readonly string[];
  readonly tags: readonly string[];
  /** Empty, or three lines: what it means, what to check, how to contain it. */
  readonly runbook: readonly string[];
  readonly file: string;
  readonly logsource: Logsource;
  readonly selections: readonly Selection[];
  readonly condition: Condition;
}
