/** Which delivery actions and which techniques have a rule, and what proves that it works. */
import { DELIVERY_ACTIONS } from "../record/delivery-action.ts";
import { techniqueName, techniquesOf } from "./attack.ts";
import { linkCorrelations } from "./correlation/link-correlations.ts";
import type { CorrelationRule } from "./correlation-rule.ts";
import type { ProvenAction } from "./example-actions.ts";
import type { Rule } from "./rule.ts";
import type { RuleSet } from "./rule-set.ts";

/** A rule that makes findings, with the actions of the events that its examples trip it on. */
export interface ProvenRule {
  readonly rule: Rule | CorrelationRule;
  readonly actions: readonly ProvenAction[];
}

export interface CoverageRow {
  readonly kind: "action" | "technique";
  /** A delivery action, or a technique such as T1078.004. */
  readonly name: string;
  /** Of a technique, where it is known. */
  readonly title?: string;
  /** Rules on trial, which tell nobody, among them. */
  readonly rules: readonly CoveringRule[];
  /** How many events of the rules' match examples prove it. */
  readonly events: number;
  /** Harmless violations that show that the alert comes. */
  readonly drills: readonly string[];
}

interface CoveringRule {
  readonly id: string;
  readonly title: string;
  readonly staged?: true;
}

/** There are no drills to run yet, so nothing is shown by one. */
const NO_DRILLS: readonly string[] = [];

/** Rules that are part of correlations only tell nobody anything, and cover nothing. */
export function findingRules(set: RuleSet): (Rule | CorrelationRule)[] {
  const { linked, silent } = linkCorrelations(set);
  const loud = linked.filter(({ isSilent }) => !isSilent).map(({ rule }) => rule);
  return [...set.rules.filter(({ id }) => !silent.has(id)), ...loud];
}

/** Every delivery action there is, in the order of its list, then each technique that a rule names, in the order of their ids. */
export function coverageOf(proven: readonly ProvenRule[]): CoverageRow[] {
  const actions = DELIVERY_ACTIONS.map((name): CoverageRow => {
    const isIt = (action: ProvenAction): boolean => action === name;
    const covering = proven.filter((each) => each.actions.some(isIt));
    const events = covering.reduce((sum, each) => sum + each.actions.filter(isIt).length, 0);
    return { kind: "action", name, rules: covering.map(briefly), events, drills: NO_DRILLS };
  });
  const named = [...new Set(proven.flatMap(({ rule }) => techniquesOf(rule.tags)))].sort();
  const techniques = named.map((name): CoverageRow => {
    const covering = proven.filter(({ rule }) => techniquesOf(rule.tags).includes(name));
    const events = covering.reduce((sum, each) => sum + each.actions.length, 0);
    const title = techniqueName(name);
    return {
      kind: "technique",
      name,
      ...(title !== undefined && { title }),
      rules: covering.map(briefly),
      events,
      drills: NO_DRILLS,
    };
  });
  return [...actions, ...techniques];
}

function briefly({ rule: { id, title, staged } }: ProvenRule): CoveringRule {
  return { id, title, ...(staged === true && { staged }) };
}
