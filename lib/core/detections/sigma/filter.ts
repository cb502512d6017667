/** Sigma's filters: one exclusion for many rules (https://sigmahq.io/sigma-specification/specification/sigma-filters-specification.html). */
import * as z from "zod";
import type { Condition, Logsource, Rule } from "../rule.ts";
import { parseDetection, toLogsource } from "./parse-rule.ts";
import type { RuleDocument } from "./rule-document.ts";
import { LogsourceSchema } from "./rule-schema.ts";

export interface RuleFilter extends Pick<Rule, "selections" | "condition" | "logsource" | "title"> {
  /** Ids or names; undefined is every rule of the log source. */
  readonly rules: readonly string[] | undefined;
  readonly document: RuleDocument;
}

const text = z.string("must be text").trim().min(1, "must not be empty");
/** Written instead of a list, every rule of the log source. */
const EVERY = ["any", "all"];

const FilterSchema = z.looseObject({
  title: text,
  logsource: LogsourceSchema,
  filter: z.looseObject(
    {
      rules: z.union(
        [z.array(text).min(1), text.transform((rule) => (EVERY.includes(rule.toLowerCase()) ? undefined : [rule]))],
        "must be any, or a list of the ids or names of rules",
      ),
      condition: text,
    },
    "must be a map of rules, selections and a condition",
  ),
});

/** @throws GatebookError `RULE_INVALID` */
export function parseFilter(document: RuleDocument): RuleFilter {
  const parsed = FilterSchema.safeParse(document.plain);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw document.invalid(issue?.path ?? [], issue?.message ?? "is not a filter");
  }
  const { title, logsource, filter } = parsed.data;
  const { rules, ...detection } = filter;
  const { selections, condition } = parseDetection(detection, "filter", document);
  return { title, rules, logsource: toLogsource(logsource, document), selections, condition, document };
}

/** The rules, each with the filters that name it. @throws GatebookError `RULE_INVALID`, where a filter names what it cannot narrow */
export function applyFilter(rules: readonly Rule[], filter: RuleFilter): readonly Rule[] {
  for (const [i, reference] of (filter.rules ?? []).entries()) {
    const named = rules.filter((rule) => isCalled(rule, reference));
    const path = ["filter", "rules", i];
    if (named.length === 0) throw filter.document.invalid(path, `no rule has the id or the name ${reference}`);
    if (!named.some((rule) => isWithin(rule.logsource, filter.logsource))) {
      throw filter.document.invalid(path, `${reference} is for another log source than the filter`);
    }
  }
  const isMeant = (rule: Rule): boolean =>
    isWithin(rule.logsource, filter.logsource) && (filter.rules?.some((each) => isCalled(rule, each)) ?? true);
  return rules.map((rule) => (isMeant(rule) ? narrow(rule, filter) : rule));
}

function isCalled({ id, name }: Rule, reference: string): boolean {
  return id === reference.toLowerCase() || id === reference || name === reference;
}

function isWithin(rule: Logsource, filter: Logsource): boolean {
  return (["product", "service", "category"] as const).every(
    (key) => filter[key] === undefined || filter[key] === rule[key],
  );
}

/** The filter's selections get names that no condition of the rule can mean. */
function narrow(rule: Rule, { selections, condition }: RuleFilter): Rule {
  const prefix = `filter ${rule.selections.length}: `;
  return {
    ...rule,
    selections: [...rule.selections, ...selections.map((each) => ({ ...each, name: prefix + each.name }))],
    condition: { type: "all", conditions: [rule.condition, renamed(condition, prefix)] },
  };
}

function renamed(condition: Condition, prefix: string): Condition {
  switch (condition.type) {
    case "selection":
      return { ...condition, name: prefix + condition.name };
    case "not":
      return { ...condition, condition: renamed(condition.condition, prefix) };
    default:
      return { ...condition, conditions: condition.conditions.map((inner) => renamed(inner, prefix)) };
  }
}
