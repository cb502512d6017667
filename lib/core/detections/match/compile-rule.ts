/** A rule made into a function of a record. */
import type { Condition, FieldTest, Rule } from "../rule.ts";
import { allOf, anyOf, compileTest } from "./compile-test.ts";
import type { Matcher } from "./matcher.ts";
import type { Placeholders } from "./placeholders.ts";

export interface CompiledRule {
  readonly rule: Rule;
  readonly matches: Matcher;
}

/**
 * @param placeholders what `%name%` stands for under the modifier `expand`; an empty list matches nothing
 * @throws GatebookError `RULE_INVALID`, for a placeholder that is not known
 */
export function compileRule(rule: Rule, placeholders: Placeholders): CompiledRule {
  return { rule, matches: compileWith(rule, (test, file) => compileTest(test, file, placeholders)) };
}

/** @throws what `compile` does */
export function compileWith(rule: Rule, compile: (test: FieldTest, file: string) => Matcher): Matcher {
  const selections = new Map(
    rule.selections.map(({ name, alternatives }) => {
      const compiled = alternatives.map((tests) =>
        joined(
          tests.map((test) => compile(test, rule.file)),
          allOf,
        ),
      );
      return [name, joined(compiled, anyOf)];
    }),
  );
  return compileCondition(rule.condition, selections);
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
