/** Which rules an event trips. */
import { type Logsource, RECORD_LOGSOURCE, type Rule } from "../rule.ts";
import { compileWith } from "./compile-rule.ts";
import type { Matcher } from "./matcher.ts";
import type { Placeholders } from "./placeholders.ts";
import { type IndexPlan, planIndex } from "./plan.ts";
import { createSearch } from "./search.ts";
import { createSharedTests } from "./shared-tests.ts";

/** One event, as its source wrote it and as Gatebook sees it; rules for either run if it is there. */
export interface Candidate {
  readonly raw?: Logsource & { readonly record: unknown };
  /** The normalised record: see `RecordView`. Any JSON will do; what is missing does not match. */
  readonly view?: unknown;
}

/** The rules that match, those over the normalised record first, otherwise in their order. */
export type RuleMatcher = (candidate: Candidate) => readonly Rule[];

const NONE: readonly Rule[] = [];

/**
 * Rules are compiled when a record first reaches them, tests that several have in common once.
 *
 * @throws GatebookError `RULE_INVALID`, for a placeholder that is not known
 */
export function createMatcher(
  { rules, plan }: { readonly rules: readonly Rule[]; readonly plan?: IndexPlan | undefined },
  placeholders: Placeholders,
): RuleMatcher {
  const tests = createSharedTests(placeholders);
  const compiled: (Matcher | undefined)[] = [];
  const matcherAt = (position: number, rule: Rule): Matcher => {
    const known = compiled[position];
    if (known !== undefined) return known;
    const matches = compileWith(rule, tests.compile);
    compiled[position] = matches;
    return matches;
  };
  for (const [position, rule] of rules.entries()) if (hasPlaceholder(rule)) matcherAt(position, rule);

  const runRule = (position: number, record: unknown): boolean => {
    const rule = rules[position];
    return rule !== undefined && matcherAt(position, rule)(record);
  };
  const { groups } = plan?.rules === rules.length ? plan : planIndex(rules);
  const search = createSearch(groups, rules.length, runRule);
  const matching = (logsource: Logsource, record: unknown): readonly Rule[] => {
    tests.forget();
    const positions = search(logsource, record);
    return positions.length === 0 ? NONE : positions.flatMap((position) => rules[position] ?? []);
  };

  return ({ raw, view }) => {
    const onView = view === undefined ? NONE : matching(RECORD_LOGSOURCE, view);
    // A source may not pose as the normalised record.
    const onRaw = raw === undefined || raw.product === RECORD_LOGSOURCE.product ? NONE : matching(raw, raw.record);
    if (onView.length === 0) return onRaw;
    return onRaw.length === 0 ? onView : [...onView, ...onRaw];
  };
}

function hasPlaceholder({ selections }: Rule): boolean {
  return selections.some(({ alternatives }) => alternatives.some((tests) => tests.some(({ expand }) => expand)));
}
