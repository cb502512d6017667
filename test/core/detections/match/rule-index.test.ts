/** The index passes over rules that cannot match, and never over one that can. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { anchorsOf } from "../../../../lib/core/detections/match/anchors.ts";
import { compileRule } from "../../../../lib/core/detections/match/compile-rule.ts";
import { createMatcher } from "../../../../lib/core/detections/match/detect.ts";
import { planIndex } from "../../../../lib/core/detections/match/plan.ts";
import type { Condition, FieldTest, Rule, Value } from "../../../../lib/core/detections/rule.ts";
import { parseRule } from "../../../../lib/core/detections/sigma/parse-rule.ts";
import { ruleText } from "../rules.ts";

const ANY_RULE = parseRule(ruleText("s: { a: x }\ncondition: s"), "rule.yml");
const NAMES = ["s", "t", "u"];

const ANY = { line: 1, all: false, cased: false, negated: false, expand: false } as const;
const field = fc.constantFrom("a", "b", "b.a");
const VALUES: readonly Value[] = ["x", "Y", "x*", "*x", "x?y", "xyxyx", "\\*x", '["x*', '*x"]', "", 1, true, null];
const texts = fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 3 });
/** Fillings may hold wildcards, and join with what stands around them. */
const PLACEHOLDERS = { names: ["x", "y*", "\\"], none: [] };
const expanding = fc.constantFrom(
  "%names%",
  "x%names%",
  "%names%x",
  "%names%*",
  "\\%names%x",
  "x\\\\%names%",
  "%names%\\*x",
  "x%names%%none%",
  "\\%x",
);
const fieldTest: fc.Arbitrary<FieldTest> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...constants({ line: 1, expand: false }),
      field,
      comparison: fc.constantFrom("equals", "equals", "equals", "contains", "startswith", "endswith"),
      all: fc.boolean(),
      cased: fc.boolean(),
      negated: fc.boolean(),
      values: texts,
    }),
  },
  fc.record({
    ...constants({ ...ANY, expand: true }),
    field,
    comparison: fc.constantFrom("equals", "contains", "startswith", "endswith"),
    cased: fc.boolean(),
    values: fc.array(expanding, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    ...constants(ANY),
    field,
    comparison: fc.constant("exists"),
    values: fc.boolean().map((isThere) => [isThere]),
  }),
  fc.record({ ...constants(ANY), field, comparison: fc.constantFrom("gt", "lte"), values: fc.constant([0]) }),
  fc.record({ ...constants(ANY), field, comparison: fc.constant("re"), values: fc.constantFrom(["x+"], ["^1"]) }),
  fc.record({ ...constants(ANY), field, comparison: fc.constant("fieldref"), values: fc.constantFrom(["a"], ["b"]) }),
  fc.record({
    ...constants(ANY),
    field: fc.constant(""),
    comparison: fc.constant("equals"),
    values: fc.constant(["x"]),
  }),
  fc.record({
    ...constants({ ...ANY, encodings: ["wide"] as const }),
    field,
    comparison: fc.constant("equals"),
    values: fc.constant(["x"]),
  }),
);
const alternatives = fc.array(fc.array(fieldTest, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 });
const condition = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type: fc.constant("selection" as const), name: fc.constantFrom(...NAMES) }),
    fc.record({ type: fc.constant("not" as const), condition: tie("condition") }),
    fc.record({
      type: fc.constantFrom("any" as const, "all" as const),
      conditions: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).condition;
const rule: fc.Arbitrary<Rule> = fc
  .tuple(condition, fc.tuple(alternatives, alternatives, alternatives))
  .map(([written, all]) => ({
    ...ANY_RULE,
    condition: written,
    selections: NAMES.map((name, i) => ({ name, alternatives: all[i] ?? [] })),
  }));
const leaf = fc.constantFrom(
  "x",
  "X",
  "y",
  "xx",
  "yx",
  "XyXyX",
  "x".repeat(80),
  "*x",
  "%x",
  "\\x",
  "",
  1,
  "1",
  true,
  null,
);
const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }));
const record = fc.record({ a: value, b: fc.oneof(value, fc.record({ a: value })) }, { requiredKeys: [] });

function constants<T extends object>(values: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  const entries = Object.entries(values).map(([key, each]) => [key, fc.constant(each)]);
  return Object.fromEntries(entries);
}

const RAW = { product: "aws", service: "cloudtrail" };

test("an index finds what asking every rule finds, in their order, by a stored plan as well", () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), fc.array(record, { maxLength: 5 }), (rules, records) => {
      const compiled = rules.map((each) => compileRule(each, PLACEHOLDERS));
      const matching = createMatcher({ rules }, PLACEHOLDERS);
      const stored = createMatcher({ rules, plan: JSON.parse(JSON.stringify(planIndex(rules))) }, PLACEHOLDERS);
      for (const each of records) {
        const expected = compiled.filter(({ matches }) => matches(each)).map((one) => one.rule);
        expect(matching({ raw: { ...RAW, record: each } })).toEqual(expected);
        expect(stored({ raw: { ...RAW, record: each } })).toEqual(expected);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("hundreds of rules that share a text are told apart by another field", () => {
  const rules = Array.from({ length: 300 }, (_, i) =>
    parseRule(ruleText(`s: { a: x, b: ${i} }\ncondition: s`), `${i}`),
  );
  const { groups } = planIndex(rules);
  const [level] = groups[0]?.root.levels ?? [];
  expect([groups.length, level?.field, level?.buckets.length]).toEqual([1, "b", 300]);
  const matching = createMatcher({ rules }, {});
  expect(matching({ raw: { ...RAW, record: { a: "x", b: 7 } } })).toEqual([rules[7]]);
});

test("a plan that was made for another list of rules is not followed", () => {
  const rules = ["x", "y"].map((text) => parseRule(ruleText(`s: { a: ${text} }\ncondition: s`), text));
  const plan = planIndex([...rules, ...rules].toReversed());
  expect(createMatcher({ rules, plan }, {})({ raw: { ...RAW, record: { a: "y" } } })).toEqual([rules[1]]);
});

test("a record with 100,000 values that lead to rules is still matched", () => {
  const rules = Array.from({ length: 20 }, (_, i) =>
    parseRule(ruleText(`s: { a: x${i}, b: y }\ncondition: s`), `${i}`),
  );
  const a = Array.from({ length: 100_000 }, (_, i) => `x${i % 20}`);
  expect(createMatcher({ rules }, {})({ raw: { ...RAW, record: { a, b: "y" } } })).toEqual(rules);
});

/** Letters that fold into others, into two, and by what stands around them; halves of characters as well. */
const character = fc.constantFrom("x", "X", "İ", "Σ", "ς", "σ", "𐐀", "𐐨", "\ud801", "\udc00", "ß");
const word = fc.array(character, { maxLength: 90, size: "max" }).map((characters) => characters.join(""));

test("a text is found by its beginning and its end, whatever letters fold into", () => {
  fc.assert(
    fc.property(
      word,
      fc.integer({ min: 0, max: 90 }),
      fc.constantFrom("equals", "startswith", "endswith", "contains"),
      fc.boolean(),
      (text, at, comparison, cased) => {
        const written = comparison === "endswith" ? text.slice(at) : text.slice(0, at);
        const tested = { ...ANY, field: "a", comparison, cased, values: [written] } as const;
        const one = { ...ANY_RULE, selections: [{ name: "s", alternatives: [[tested]] }] };
        const other = { ...one, selections: [{ name: "s", alternatives: [[{ ...tested, values: ["other"] }]] }] };
        const rules = [one, other, other];
        const expected = rules.filter((each) => compileRule(each, {}).matches({ a: text }));
        expect(createMatcher({ rules }, {})({ raw: { ...RAW, record: { a: text } } })).toEqual(expected);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("a filling that takes away a backslash behind it is still found", () => {
  const rules = ["%a%\\*x", "%a%y", "%a%z"].map((text) =>
    parseRule(ruleText(`s: { a|expand: '${text}' }\ncondition: s`), text),
  );
  expect(createMatcher({ rules }, { a: ["\\"] })({ raw: { ...RAW, record: { a: "\\yx" } } })).toEqual([rules[0]]);
});

type Told = Readonly<Record<string, readonly string[] | undefined>>;

test.each<[string, string, readonly Told[]]>([
  ["a plain field", "s: { a: [X, y] }\ncondition: s", [{ a: ["=x", "=y"] }]],
  ["either of two maps", "s: [{ a: x, b: 1 }, { a: y, c: 1 }]\ncondition: s", [{ a: ["=x", "=y"] }]],
  ["both of two selections", "s: { a: x }\nt: { b: y }\ncondition: s and not t or s and t", [{ a: ["=x"] }]],
  ["one of two fields", "s: { a: x }\nt: { b: x }\ncondition: s or t", [{ a: ["=x"] }, { b: ["=x"] }]],
  [
    "one of two fields and more",
    "s: [{ a: x }, { b: x }]\nt: { c|re: x }\ncondition: s and t",
    [
      { a: ["=x"], c: undefined },
      { b: ["=x"], c: undefined },
    ],
  ],
  [
    "how a text begins or ends",
    "s: { a|startswith: X, b|endswith: [Y, z] }\ncondition: s",
    [{ a: ["^x"], b: ["$y", "$z"] }],
  ],
  ["what stands around a wildcard", "s: { a: [x, y*z, '*z', y?zz] }\ncondition: s", [{ a: ["=x", "^y", "$z", "$zz"] }]],
  ["what stands before a placeholder", "s: { a|expand: 'refs/heads/%x%' }\ncondition: s", [{ a: ["^refs/hea"] }]],
  ["what is there, for wildcards alone", "s: { a: [x, '*y*'] }\ncondition: s", [{ a: undefined }]],
  [
    "what is there, for modifiers",
    "s: { b|expand: '%x%', c|contains: x, d|startswith: '' }\ncondition: s",
    [{ b: undefined, c: undefined, d: undefined }],
  ],
  ["nothing, for null", "s: { a: [x, null] }\ncondition: s", [{}]],
  ["nothing, for what is not to be there", "s: { a|exists: false, b|neq: x }\ncondition: s", [{}]],
  ["nothing, for keywords", "s: [x]\ncondition: s", [{}]],
  ["nothing, for a negation", "s: { a: x }\ncondition: not s", [{}]],
])("a rule cannot do without %s", (_, detection, expected) => {
  const ways = anchorsOf(parseRule(ruleText(detection), "rule.yml"));
  const told = ways.map((way) => Object.fromEntries([...way].map(([name, each]) => [name, each && [...each]])));
  expect(told).toEqual(expected);
});
