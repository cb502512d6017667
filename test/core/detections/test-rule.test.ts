/** A rule's own tests say which of its events is on the wrong side. */
import { expect, test } from "vitest";
import { parseRule } from "../../../lib/core/detections/parse-rule.ts";
import { testRule } from "../../../lib/core/detections/test-rule.ts";
import { ruleText } from "./rules.ts";

const DETECTION = "s: { a|expand: '%p%' }\ncondition: s";
const raw = parseRule(ruleText(DETECTION), "rule.yml");
const view = parseRule(ruleText(DETECTION, "{ product: gatebook, service: access }"), "rule.yml");
const PLACEHOLDERS = { p: ["x"] };
const x = { file: "x.json", record: { a: "x" } };
const y = { file: "y.json", record: { a: "y" } };

test.each([
  ["the raw record", raw],
  ["the normalised record", view],
])("a rule over %s passes when its events are where they belong", (_, rule) => {
  expect(testRule({ rule, match: [x], ignore: [y] }, PLACEHOLDERS)).toEqual([]);
});

test("every event on the wrong side is named", () => {
  expect(testRule({ rule: raw, match: [x, y], ignore: [x, y] }, PLACEHOLDERS)).toEqual([
    { file: "y.json", message: 'should match "A rule" and does not' },
    { file: "x.json", message: 'should not match "A rule" and does' },
  ]);
});

test("a rule without events on either side fails", () => {
  expect(testRule({ rule: raw, match: [], ignore: [] }, PLACEHOLDERS).map(({ file }) => file)).toEqual([
    "match",
    "ignore",
  ]);
});

test("a rule with an unknown placeholder is refused", () => {
  expect(() => testRule({ rule: raw, match: [x], ignore: [y] }, {})).toThrow(/%p% is not known/);
});
