/** What a correlation must keep to where events come one by one: in the stack, not in a backtest. */
import type { CorrelationRule } from "../correlation-rule.ts";
import type { RuleProblem } from "../rule-problem.ts";
import { isLasting, neededCount } from "./conditions.ts";
import { type CorrelatedRules, linkCorrelations } from "./link-correlations.ts";

/** Members that fit into what DynamoDB keeps as one item, twice over. */
const MAX_EVENTS = 1_000;
const MAX_VALUES = 200;

/** Why correlations of the set cannot run in the stack; none, if all can. */
export function stackProblems(set: CorrelatedRules): RuleProblem[] {
  const { linked, problems } = linkCorrelations(set);
  const unfit = linked.flatMap(({ rule, parents }) => {
    const reason = reasonAgainst(rule, parents.length > 0);
    return reason === undefined ? [] : [{ file: rule.file, line: rule.line, reason }];
  });
  return [...problems, ...unfit];
}

function reasonAgainst(rule: CorrelationRule, isPart: boolean): string | undefined {
  if (!isLasting(rule) && isPart) {
    return "correlation.condition: can be undone by a later event, so that it is judged when its time is over, and no other correlation can refer to it in the stack: use gt or gte with a count, or leave the other one to backtests";
  }
  const most = rule.type === "event_count" && !isPart ? MAX_EVENTS : MAX_VALUES;
  if (neededCount(rule) > most)
    return `correlation.condition: the stack counts to ${most}, not to ${neededCount(rule)}`;
  return undefined;
}
