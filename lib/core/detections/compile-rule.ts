/** A rule made into a function of a record. */
import { allOf, anyOf, compileTest, type Matcher } from "./compile-test.ts";
import type { Placeholders } from "./placeholders.ts";
import type { Condition, Rule } from "./rule.ts";

export interface CompiledRule {
  readonly rule: Rule;
  /** Takes any JSON value; never throws. */
  readonly matches: Matcher;
}

/**
 * @param placeholders what `%name%` stands for under the modifier `expand`; an empty list matches nothing
 * @throws GatebookError `RULE_INVALID`, for a placeholder that is not known
 */
export function compileRule(rule: Rule, placeholders: Placeholders): CompiledRule {
  const selections = new Map(
    rule.selections.map(({ name, alternatives }) => {
      const compiled = alternatives.map((tests) =>
        joined(
          tests.map((test) => compileTest(test, rule.file, placeholders)),
          allOf,
        ),
      );
      return [name, joined(compiled, anyOf)];
    }),
  );
  return { rule, matches: compileCondition(rule.condition, selections) };
}

function compileCondition(condition: Condition, selections: ReadonlyMap<string, Matcher>): Matcher {
  switch (condition.type) {
    case "selection": {
      const matches = selections.get(condition.name);
      if (matches === undefined) throw new TypeError(`the rule has no selection ${condition.name}`);
      return matches;
    }
    case "not": {
      const matches = compileCondition(condition.condition, selections);
      return (record) => !matches(record);
    }
    default: {
      const compiled = condition.conditions.map((inner) => compileCondition(inner, selections));
      return joined(compiled, condition.type === "any" ? anyOf : allOf);
    }
  }
}

function joined(matchers: readonly Matcher[], join: (matchers: readonly Matcher[]) => Matcher): Matcher {
  const [only] = matchers;
  return only !== undefined && matchers.length === 1 ? only : join(matchers);
}
