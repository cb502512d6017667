/** Texts with wildcards, looked for in a field or, as keywords, in all of a record. */
import type { FieldTest, Value } from "../rule.ts";
import { encode } from "./encode.ts";
import { hasNull, plainValue, SEVERAL, someText, someValue } from "./field-values.ts";
import type { Invalid, Matcher } from "./matcher.ts";
import { compilePattern, fold, literalOf, type Pattern, parsePattern, widen } from "./pattern.ts";
import { someTextWithin } from "./texts-within.ts";

type TextTest = (text: string) => boolean;

/** Whether the field has any of the texts. @throws what `invalid` makes, for what a placeholder brings and no encoding can take */
export function compileTexts(test: FieldTest, values: readonly Value[], invalid: Invalid): Matcher {
  const { field, cased } = test;
  const matches = someTextOf(field, matcherOf(patternsOf(test, values, invalid), cased));
  if (!values.includes(null)) return matches;
  const path = field.split(".");
  return (record) => matches(record) || someValue(record, path, hasNull) || !someValue(record, path, () => true);
}

/** The test of a record whose field, or any field at all where none is named, has a text that passes. */
export function someTextOf(field: string, matchesText: TextTest): Matcher {
  if (field === "") return (record) => someTextWithin(record, matchesText);
  const path = field.split(".");
  const matchesValue = (value: unknown): boolean => someText(value, matchesText);
  return (record) => {
    const only = plainValue(record, path);
    if (typeof only === "string") return matchesText(only);
    if (only === undefined || only === null) return false;
    return only === SEVERAL ? someValue(record, path, matchesValue) : matchesValue(only);
  };
}

function patternsOf(
  { comparison, encodings = [], field }: FieldTest,
  values: readonly Value[],
  invalid: Invalid,
): readonly Pattern[] {
  // A keyword is looked for within a text, unless the rule says where in it.
  const place = comparison === "startswith" || comparison === "endswith" ? comparison : "contains";
  const isWide = comparison !== "equals" || field === "";
  return values
    .filter((value) => value !== null)
    .flatMap((value) => encode(parsePattern(String(value)), encodings, invalid))
    .map((pattern) => (isWide ? widen(pattern, place) : pattern));
}

/** Whether a text, as the record has it, matches any of the patterns. */
function matcherOf(patterns: readonly Pattern[], cased: boolean): TextTest {
  const literals = patterns.map(literalOf).filter((text) => text !== undefined);
  const exact = literals.map((text) => (cased ? text : fold(text)));
  const tests = patterns
    .filter((pattern) => literalOf(pattern) === undefined)
    .map((each) => compilePattern(each, { cased }));
  const others = tests.length === 0 ? undefined : anyOfTests(tests);
  const isExact = exact.length === 0 ? undefined : exactly(exact, cased);
  if (others === undefined) return isExact ?? (() => false);
  const matches: TextTest = cased ? others : (text) => others(fold(text));
  return isExact === undefined ? matches : (text) => isExact(text) || matches(text);
}

function anyOfTests(tests: readonly TextTest[]): TextTest {
  const [only] = tests;
  return only !== undefined && tests.length === 1 ? only : (text) => tests.some((matches) => matches(text));
}

/** Most texts are too long to be one of a few words, and folding makes none shorter: their length alone rules them out. */
function exactly(texts: readonly string[], cased: boolean): TextTest {
  const longest = texts.reduce((length, text) => Math.max(length, text.length), 0);
  const normal = cased ? (text: string): string => text : fold;
  const [only] = texts;
  if (texts.length === 1) return (text) => text.length <= longest && normal(text) === only;
  const known = new Set(texts);
  return (text) => text.length <= longest && known.has(normal(text));
}
