/** A detection rule as parsed: plain JSON, so that it can be stored beside a function and compiled there. */
import type { Level } from "../record/finding.ts";

export type Value = string | number | boolean | null;

/** How one field is compared. `equals`, `contains`, `startswith` and `endswith` know the wildcards `*` and `?`. */
export type Comparison =
  | "equals"
  | "contains"
  | "startswith"
  | "endswith"
  | "exists"
  | "cidr"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "fieldref"
  | "re";
export type Place = "contains" | "startswith" | "endswith";

/** What becomes of a text before it is looked for. */
export const ENCODINGS = ["utf16", "utf16le", "utf16be", "wide", "base64", "base64offset", "windash"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What of a time is compared. */
export const TIME_PARTS = ["minute", "hour", "day", "week", "month", "year"] as const;
export type TimePart = (typeof TIME_PARTS)[number];

/** One line of a selection: `field|modifiers: values`. */
export interface FieldTest {
  /** Dotted path; empty for a keyword, which is looked for in all of the record's texts. */
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
  /** One after another, on every value. */
  readonly encodings?: readonly Encoding[];
  /** The number compared is this part of the time that the field holds. */
  readonly part?: TimePart;
  /** Of a regular expression: some of `i`, `m` and `s`. */
  readonly flags?: string;
  /** Where in the text another field's value or a regular expression has to be found. */
  readonly place?: Place;
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

/** Where a rule's events come from; at least one of the three is there. */
export interface Logsource {
  readonly product?: string;
  readonly service?: string;
  readonly category?: string;
}

/** The rule is tripped only by what its fields have not shown together in the time before. */
interface FirstSeen {
  readonly fields: readonly string[];
  /** How long ago counts as never. */
  readonly withinMs: number;
  /** How long after the rule's first event nothing is said: everything is new then. */
  readonly learnMs: number;
}

/** The log source of rules over the normalised record. */
export const RECORD_LOGSOURCE = { product: "gatebook", service: "access" } as const;

export interface Rule {
  /** Stays the same when title and file change: findings are told apart by it. */
  readonly id: string;
  /** By which correlations and filters may call it. */
  readonly name?: string;
  readonly title: string;
  readonly level: Level;
  readonly description: string;
  readonly falsepositives: readonly string[];
  readonly tags: readonly string[];
  /** Empty, or three lines: what it means, what to check, how to contain it. */
  readonly runbook: readonly string[];
  readonly file: string;
  /** Counted, never mailed. */
  readonly staged?: boolean;
  readonly firstSeen?: FirstSeen;
  /** Access policies whose denials the rule reports: where it matches, they make no finding of their own. */
  readonly policies?: readonly string[];
  readonly logsource: Logsource;
  readonly selections: readonly Selection[];
  readonly condition: Condition;
}
