/** Which rules of a set can run with what gatebook.yml fills into their placeholders. */
import { linkCorrelations } from "./correlation/link-correlations.ts";
import { compileRule } from "./match/compile-rule.ts";
import type { Placeholders } from "./match/placeholders.ts";
import { planIndex } from "./match/plan.ts";
import type { Rule } from "./rule.ts";
import { type RuleProblem, toProblem } from "./rule-problem.ts";
import type { RuleSet } from "./rule-set.ts";

/** The set without the rules that name a placeholder that is not known, or one that does not hold what they need. */
export function usableRules(
  set: RuleSet,
  placeholders: Placeholders,
): { readonly set: RuleSet; readonly problems: readonly RuleProblem[] } {
  const problems: RuleProblem[] = [];
  const isUsable = (rule: Rule): boolean => {
    try {
      compileRule(rule, placeholders);
      return true;
    } catch (error) {
      problems.push(toProblem(error, rule.file));
      return false;
    }
  };
  const rules = set.rules.filter(isUsable);
  if (problems.length === 0) return { set, problems };
  const { linked, problems: unlinked } = linkCorrelations({ rules, correlations: set.correlations });
  const correlations = linked.map(({ rule }) => rule);
  return { set: { rules, correlations, plan: planIndex(rules) }, problems: [...problems, ...unlinked] };
}
