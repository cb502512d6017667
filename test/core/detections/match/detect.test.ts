/** Which rules are asked about an event, and that no event breaks them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compactJson } from "../../../../lib/core/detections/match/compact-json.ts";
import { type Candidate, createMatcher } from "../../../../lib/core/detections/match/detect.ts";
import type { Rule } from "../../../../lib/core/detections/rule.ts";
import { parseRule } from "../../../../lib/core/detections/sigma/parse-rule.ts";
import { ruleText, selecting } from "../rules.ts";

function ruleFor(title: string, logsource: string): Rule {
  return parseRule(ruleText("s: { a: x }\ncondition: s", logsource).replace("A rule", title), title);
}

const RULES = [
  ruleFor("cloudtrail", "{ product: aws, service: cloudtrail }"),
  ruleFor("view", "{ product: gatebook, service: access }"),
  ruleFor("guardduty", "{ product: aws, service: guardduty }"),
  ruleFor("aws", "{ product: aws }"),
  ruleFor("github", "{ product: github, service: audit }"),
  ruleFor("audit", "{ service: audit }"),
  ruleFor("processes", "{ product: linux, category: process_creation }"),
  ruleFor("application", "{ product: jvm, category: application }"),
];
const matching = createMatcher({ rules: RULES }, {});

describe("an event meets the rules", () => {
  const record = { a: "x" };
  test.each<[string, Candidate, string[]]>([
    [
      "of its service and its product",
      { raw: { product: "aws", service: "cloudtrail", record } },
      ["cloudtrail", "aws"],
    ],
    ["of its product", { raw: { product: "aws", record } }, ["aws"]],
    ["of the normalised record", { view: record }, ["view"]],
    ["of both", { raw: { product: "github", service: "audit", record }, view: record }, ["view", "github", "audit"]],
    ["that match", { raw: { product: "github", service: "audit", record }, view: {} }, ["github", "audit"]],
    ["of its service alone", { raw: { product: "okta", service: "audit", record } }, ["audit"]],
    ["of no other service", { raw: { product: "okta", service: "system", record } }, []],
    ["of its category", { raw: { product: "linux", category: "process_creation", record } }, ["processes"]],
    ["of no category that the record has not", { raw: { product: "linux", record } }, []],
    [
      "of an application, which every record of the product is of",
      { raw: { product: "jvm", record } },
      ["application"],
    ],
    ["and does not pose as the normalised record", { raw: { product: "gatebook", service: "access", record } }, []],
    ["that are none", {}, []],
  ])("%s", (_, candidate, expected) => {
    expect(matching(candidate).map(({ title }) => title)).toEqual(expected);
  });
});

/** A rule of every comparison, on fields that the records below have. */
const EVERY_COMPARISON = [
  "a: x*",
  "a.b: [x, 1, null, true]",
  "a|contains|all: [x, '?']",
  "a.a|startswith|cased: x",
  "b|endswith: x",
  "a.b|exists: false",
  "a|cidr: 0.0.0.0/0",
  "a|gt: 0",
  "b|neq: x",
  "a.b|fieldref: b.a",
  "a|fieldref|contains: b",
  "a|re|i: (x+)+$",
  "b|hour|gte: 12",
  "a.a|base64offset|contains: x",
  "'|all': [x, y]",
].map((lines) => selecting(lines).rule);

function negate(rule: Rule): Rule {
  return { ...rule, condition: { type: "not", condition: rule.condition } };
}

function nested(depth: number, leaf: unknown): unknown {
  let value = leaf;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

describe("whatever JSON an event is", () => {
  const record = fc.oneof(
    fc.jsonValue(),
    fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 5 }, fc.jsonValue({ maxDepth: 1 }), tie("object"), fc.array(tie("value"))),
      object: fc.dictionary(fc.constantFrom("a", "b", "__proto__", "length"), tie("value")),
    })).value,
  );

  test("detecting does not throw, and a rule and its negation disagree", () => {
    const straight = createMatcher({ rules: EVERY_COMPARISON }, {});
    const opposite = createMatcher({ rules: EVERY_COMPARISON.map(negate) }, {});
    fc.assert(
      fc.property(record, (value) => {
        const raw = { product: "aws", service: "cloudtrail", record: value };
        return straight({ raw, view: value }).length + opposite({ raw }).length === EVERY_COMPARISON.length;
      }),
      { numRuns: 1_000 },
    );
  });

  test("detecting reaches the bottom of one that is 100,000 deep", () => {
    const deep = { a: nested(100_000, "needle") };
    const rules = [...EVERY_COMPARISON, selecting("a|contains: needle").rule];
    const found = createMatcher({ rules }, {})({ raw: { product: "aws", service: "cloudtrail", record: deep } });
    expect(found).toContain(rules.at(-1));
  });

  test("its compact JSON is JSON.stringify's", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => compactJson(value) === JSON.stringify(value)));
  });

  test("its compact JSON is JSON.stringify's also where that one gives up", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const DEPTH = 20_000;
        const [before = "", after = ""] = compactJson(nested(DEPTH, "here")).split('"here"');
        return compactJson(nested(DEPTH, value)) === `${before}${JSON.stringify(value)}${after}`;
      }),
      { numRuns: 20 },
    );
  });
});
