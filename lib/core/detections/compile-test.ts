/** One line of a selection, compiled: whether a record's field is what the rule says. */
import { GatebookError } from "../errors.ts";
import { compileSubnets, toSubnet } from "./cidr.ts";
import { hasNull, someElementText, someNumber, someText, someValue } from "./field-values.ts";
import { compilePattern, fold, literalOf, parsePattern, widen } from "./pattern.ts";
import { expandPlaceholders, type Placeholders } from "./placeholders.ts";
import type { Comparison, FieldTest, Value } from "./rule.ts";

export type Matcher = (record: unknown) => boolean;

/** Few values are quicker to compare than to hash. */
const MIN_SET = 3;

/** @throws GatebookError `RULE_INVALID`, for a placeholder that is not known or does not hold what the modifier needs */
export function compileTest(test: FieldTest, file: string, placeholders: Placeholders): Matcher {
  const invalid = (message: string): GatebookError =>
    new GatebookError("RULE_INVALID", `${file}:${test.line}: ${test.field}: ${message}`);
  const path = test.field.split(".");
  // A value with placeholders stands for any of the values it expands to, also where all of the values have to match.
  const groups = test.values.map((value) =>
    test.expand && typeof value === "string" ? expandPlaceholders(value, placeholders, invalid) : [value],
  );
  const matchers = (test.all ? groups : [groups.flat()]).map((values) => compileValues(test, path, values, invalid));
  const [only] = matchers;
  const matches = only !== undefined && matchers.length === 1 ? only : allOf(matchers);
  return test.negated ? (record) => !matches(record) : matches;
}

export function allOf(matchers: readonly Matcher[]): Matcher {
  return (record) => matchers.every((matches) => matches(record));
}

export function anyOf(matchers: readonly Matcher[]): Matcher {
  return (record) => matchers.some((matches) => matches(record));
}

/** Whether the field matches any of the values. */
function compileValues(
  { comparison, cased }: FieldTest,
  path: readonly string[],
  values: readonly Value[],
  invalid: (message: string) => GatebookError,
): Matcher {
  switch (comparison) {
    case "equals":
    case "contains":
    case "startswith":
    case "endswith":
      return compileTexts(comparison, cased, path, values);
    case "exists":
      return (record) => someValue(record, path, () => true) === (values[0] === true);
    case "cidr": {
      const contains = compileSubnets(
        values.map((value) => {
          const subnet = toSubnet(value);
          if (subnet === undefined) throw invalid(`${value} is not a network, such as 10.0.0.0/8`);
          return subnet;
        }),
      );
      return (record) => someValue(record, path, (value) => someElementText(value, contains));
    }
    case "fieldref":
      return anyOf(values.map((other) => compileReference(path, String(other).split("."), cased)));
    default: {
      const compare = ORDER[comparison];
      const holds = (number: number): boolean => values.some((bound) => compare(number, Number(bound)));
      return (record) => someValue(record, path, (value) => someNumber(value, holds));
    }
  }
}

const ORDER: Readonly<Record<Extract<Comparison, "gt" | "gte" | "lt" | "lte">, (a: number, b: number) => boolean>> = {
  gt: (number, bound) => number > bound,
  gte: (number, bound) => number >= bound,
  lt: (number, bound) => number < bound,
  lte: (number, bound) => number <= bound,
};

function compileTexts(
  comparison: "equals" | "contains" | "startswith" | "endswith",
  cased: boolean,
  path: readonly string[],
  values: readonly Value[],
): Matcher {
  const patterns = values
    .filter((value) => value !== null)
    .map((value) => parsePattern(String(value)))
    .map((pattern) => (comparison === "equals" ? pattern : widen(pattern, comparison)));
  const literals = patterns.map(literalOf).filter((text) => text !== undefined);
  const exact = new Set(literals.length >= MIN_SET ? literals.map((text) => (cased ? text : fold(text))) : []);
  const tests = patterns
    .filter((pattern) => exact.size === 0 || literalOf(pattern) === undefined)
    .map((pattern) => compilePattern(pattern, { cased }));

  const matchesAny = (text: string): boolean => exact.has(text) || tests.some((test) => test(text));
  const matchesText = cased ? matchesAny : (text: string): boolean => matchesAny(fold(text));
  const matchesValue = (value: unknown): boolean => someText(value, matchesText);
  const matches: Matcher = (record) => someValue(record, path, matchesValue);
  if (!values.includes(null)) return matches;
  return (record) => matches(record) || someValue(record, path, hasNull) || !someValue(record, path, () => true);
}

function compileReference(path: readonly string[], other: readonly string[], cased: boolean): Matcher {
  const normal = cased ? (text: string): string => text : fold;
  const isThere = (): boolean => true;
  return (record) => {
    // Most records have neither field.
    if (!someValue(record, other, isThere)) return false;
    const texts = new Set<string>();
    const remember = (text: string): boolean => {
      texts.add(normal(text));
      return false;
    };
    const isAmong = (text: string): boolean => texts.has(normal(text));
    someValue(record, other, (value) => someElementText(value, remember));
    return texts.size > 0 && someValue(record, path, (value) => someElementText(value, isAmong));
  };
}
