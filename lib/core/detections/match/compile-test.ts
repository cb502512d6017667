/** One line of a selection, compiled: whether a record's field is what the rule says. */
import { GatebookError } from "../../errors.ts";
import type { Comparison, FieldTest, Value } from "../rule.ts";
import { compileSubnets, toSubnet } from "./cidr.ts";
import { compileTexts, someTextOf } from "./compile-texts.ts";
import { compileExpression, expressionOf, expressionProblem } from "./expression.ts";
import { someElementText, someNumber, someValue } from "./field-values.ts";
import type { Invalid, Matcher } from "./matcher.ts";
import { expandPlaceholders, type Placeholders } from "./placeholders.ts";
import { compileReference } from "./reference.ts";
import { timePartOf } from "./time-part.ts";

/** @throws GatebookError `RULE_INVALID`, for a placeholder that is not known or does not hold what the modifier needs */
export function compileTest(test: FieldTest, file: string, placeholders: Placeholders): Matcher {
  const invalid: Invalid = (message) =>
    new GatebookError("RULE_INVALID", `${file}:${test.line}: ${test.field || "keywords"}: ${message}`);
  // A value with placeholders stands for any of the values it expands to, also where all of the values have to match.
  const groups = test.values.map((value) =>
    test.expand && typeof value === "string" ? expand(value, test, placeholders, invalid) : [value],
  );
  const matchers = (test.all ? groups : [groups.flat()]).map((values) => compileValues(test, values, invalid));
  const [only] = matchers;
  const matches = only !== undefined && matchers.length === 1 ? only : allOf(matchers);
  return test.negated ? (record) => !matches(record) : matches;
}

export function allOf(matchers: readonly Matcher[]): Matcher {
  return (record) => {
    for (const matches of matchers) if (!matches(record)) return false;
    return true;
  };
}

export function anyOf(matchers: readonly Matcher[]): Matcher {
  return (record) => {
    for (const matches of matchers) if (matches(record)) return true;
    return false;
  };
}

function expand(value: string, test: FieldTest, placeholders: Placeholders, invalid: Invalid): readonly string[] {
  if (test.comparison !== "re") return expandPlaceholders(value, placeholders, invalid);
  const quoted = Object.entries(placeholders).map(([name, values]): [string, string[]] => [
    name,
    values.map(expressionOf),
  ]);
  return expandPlaceholders(value, Object.fromEntries(quoted), invalid);
}

/** Whether the field matches any of the values. */
function compileValues(test: FieldTest, values: readonly Value[], invalid: Invalid): Matcher {
  const { comparison, field, part } = test;
  const path = field.split(".");
  if (part !== undefined) return compileTime(test, values);
  switch (comparison) {
    case "equals":
    case "contains":
    case "startswith":
    case "endswith":
      return compileTexts(test, values, invalid);
    case "exists":
      return (record) => someValue(record, path, () => true) === (values[0] === true);
    case "cidr":
      return compileNetworks(path, values, invalid);
    case "fieldref":
      return anyOf(values.map((other) => compileReference(path, String(other).split("."), test)));
    case "re":
      return compileExpressions(test, values, invalid);
    default: {
      const compare = ORDER[comparison];
      const holds = (number: number): boolean => values.some((bound) => compare(number, Number(bound)));
      return (record) => someValue(record, path, (value) => someNumber(value, holds));
    }
  }
}

const ORDER: Readonly<Record<"gt" | "gte" | "lt" | "lte", (a: number, b: number) => boolean>> = {
  gt: (number, bound) => number > bound,
  gte: (number, bound) => number >= bound,
  lt: (number, bound) => number < bound,
  lte: (number, bound) => number <= bound,
};

function compileTime({ comparison, field, part }: FieldTest, values: readonly Value[]): Matcher {
  const path = field.split(".");
  const compare = isOrder(comparison) ? ORDER[comparison] : (number: number, bound: number) => number === bound;
  const holds = (text: string): boolean => {
    const number = part === undefined ? undefined : timePartOf(text, part);
    return number !== undefined && values.some((bound) => compare(number, Number(bound)));
  };
  return (record) => someValue(record, path, (value) => someElementText(value, holds));
}

function isOrder(comparison: Comparison): comparison is keyof typeof ORDER {
  return Object.hasOwn(ORDER, comparison);
}

function compileNetworks(path: readonly string[], values: readonly Value[], invalid: Invalid): Matcher {
  const contains = compileSubnets(
    values.map((value) => {
      const subnet = toSubnet(value);
      if (subnet === undefined) throw invalid(`${value} is not a network, such as 10.0.0.0/8`);
      return subnet;
    }),
  );
  return (record) => someValue(record, path, (value) => someElementText(value, contains));
}

function compileExpressions(
  { field, flags = "", place, expand: isExpanded }: FieldTest,
  values: readonly Value[],
  invalid: Invalid,
): Matcher {
  const expressions = values.map((value) => ({ source: String(value), flags, place }));
  const problem = isExpanded ? expressions.map(expressionProblem).find((each) => each !== undefined) : undefined;
  if (problem !== undefined) throw invalid(problem);
  const tests = expressions.map(compileExpression);
  const matchesText = (text: string): boolean => tests.some((matches) => matches(text));
  return someTextOf(field, matchesText);
}
