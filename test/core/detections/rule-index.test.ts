/** The index passes over rules that cannot match, and never over one that can. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { anchorsOf } from "../../../lib/core/detections/anchors.ts";
import { compileRule } from "../../../lib/core/detections/compile-rule.ts";
import { parseRule } from "../../../lib/core/detections/parse-rule.ts";
import type { Condition, FieldTest, Rule, Value } from "../../../lib/core/detections/rule.ts";
import { indexRules } from "../../../lib/core/detections/rule-index.ts";
import { ruleText } from "./rules.ts";

const ANY_RULE = parseRule(ruleText("s: { a: x }\ncondition: s"), "rule.yml");
const NAMES = ["s", "t", "u"];

const fieldTest: fc.Arbitrary<FieldTest> = fc.record({
  field: fc.constantFrom("a", "b", "b.a"),
  line: fc.constant(1),
  comparison: fc.constantFrom("equals", "equals", "equals", "contains"),
  all: fc.boolean(),
  cased: fc.boolean(),
  negated: fc.boolean(),
  expand: fc.constant(false),
  values: fc.array(fc.constantFrom<Value>("x", "Y", "x*", 1, true, null), { minLength: 1, maxLength: 3 }),
});
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
const leaf = fc.constantFrom("x", "X", "y", "xx", 1, "1", true, null);
const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }));
const record = fc.record({ a: value, b: fc.oneof(value, fc.record({ a: value })) }, { requiredKeys: [] });

test("an index finds what asking every rule finds, in their order", () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), fc.array(record, { maxLength: 5 }), (rules, records) => {
      const compiled = rules.map((each) => compileRule(each, {}));
      const index = indexRules(compiled);
      for (const each of records) expect(index(each)).toEqual(compiled.filter(({ matches }) => matches(each)));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["a plain field", "s: { a: [X, y] }\ncondition: s", { a: ["x", "y"] }],
  ["either of two maps", "s: [{ a: x, b: 1 }, { a: y, c: 1 }]\ncondition: s", { a: ["x", "y"] }],
  ["both of two selections", "s: { a: x }\nt: { b: y }\ncondition: s and not t or s and t", { a: ["x"] }],
  ["no wildcard", "s: { a: [x, y*] }\ncondition: s", {}],
  ["no null", "s: { a: [x, null] }\ncondition: s", {}],
  ["no other field", "s: { a: x }\nt: { b: x }\ncondition: s or t", {}],
  ["no modifier", "s: { a|neq: x, b|expand: '%x%', c|startswith: x }\ncondition: s", {}],
])("a rule cannot do without %s", (_, detection, expected) => {
  const anchors = anchorsOf(parseRule(ruleText(detection), "rule.yml"));
  expect(Object.fromEntries([...anchors].map(([field, texts]) => [field, [...texts]]))).toEqual(expected);
});
