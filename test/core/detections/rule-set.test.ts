/** Sets of rules: several documents a file, collections, filters, and everything that is wrong at once. */
import { describe, expect, test } from "vitest";
import { createMatcher } from "../../../lib/core/detections/match/detect.ts";
import { planIndex } from "../../../lib/core/detections/match/plan.ts";
import { readRuleSet } from "../../../lib/core/detections/rule-set.ts";
import { usableRules } from "../../../lib/core/detections/usable-rules.ts";

const ID = "11111111-2222-4333-8444-55555555555";
const LOGSOURCE = "logsource: { product: aws, service: cloudtrail }";

const CORRELATION = `level: high
correlation: { type: event_count, rules: [first], group-by: [a], timespan: 5m, condition: { gte: 3 } }
`;

/** One line for each key; the first is the title. */
function ruleDocument(number: number, detection = "{ s: { a: x }, condition: s }", more = ""): string {
  return `title: Rule ${number}\nid: ${ID}${number}\nlevel: high\n${LOGSOURCE}\ndetection: ${detection}\n${more}`;
}

const read = (...texts: string[]) => readRuleSet(texts.map((text, i) => ({ file: `${i}.yml`, text })));

/** The titles of the rules that a CloudTrail record trips. */
function tripped(texts: readonly string[], record: object): readonly string[] {
  const { set, problems } = read(...texts);
  expect(problems).toEqual([]);
  return createMatcher(set, {})({ raw: { product: "aws", service: "cloudtrail", record } }).map(({ title }) => title);
}

describe("a file of several documents", () => {
  test("is several rules, with lines of their own", () => {
    const { set, problems } = read(`${ruleDocument(1)}---\n${ruleDocument(2)}---\n`);
    expect(problems).toEqual([]);
    const lines = set.rules.map(({ selections }) => selections[0]?.alternatives[0]?.[0]?.line);
    expect(lines).toEqual([5, 11]);
  });

  test("is told what is wrong with each of them, and keeps the others", () => {
    const wrong = ruleDocument(2).replace("condition: s", "condition: t");
    const { set, problems } = read(`${wrong}---\n${ruleDocument(1)}---\n${wrong.replace("Rule 2", "' '")}`);
    expect(set.rules.map(({ title }) => title)).toEqual(["Rule 1"]);
    expect(problems).toEqual([
      { file: "0.yml", line: 5, reason: 'detection.condition: "t" where a selection of the rule should be' },
      { file: "0.yml", line: 13, reason: "title: must not be empty" },
    ]);
  });

  test("is a problem where it is no YAML", () => {
    expect(read("title: [", ruleDocument(1)).problems).toMatchObject([{ file: "0.yml", line: expect.any(Number) }]);
  });

  test("is refused with thousands of them", () => {
    expect(read("a: 1\n---\n".repeat(5_000)).problems).toMatchObject([{ reason: expect.stringMatching(/more than/) }]);
  });
});

describe("a collection", () => {
  const GLOBAL = `action: global\nlevel: low\n${LOGSOURCE}\ndetection: { f: { b: ok }, condition: s and not f }\n`;
  const part = (number: number, value: string): string =>
    `title: Rule ${number}\nid: ${ID}${number}\ndetection: { s: { a: ${value} } }\n`;

  test("shares what is global", () => {
    const texts = [`${GLOBAL}---\n${part(1, "x")}---\n${part(2, "y")}`];
    expect(tripped(texts, { a: "x" })).toEqual(["Rule 1"]);
    expect(tripped(texts, { a: "y" })).toEqual(["Rule 2"]);
    expect(tripped(texts, { a: "y", b: "ok" })).toEqual([]);
  });

  test("shares nothing after a reset, nor with the next file", () => {
    const { set, problems } = read(
      `${GLOBAL}---\n${part(1, "x")}---\naction: reset\n---\n${part(2, "y")}`,
      part(3, "z"),
    );
    expect(set.rules.map(({ title }) => title)).toEqual(["Rule 1"]);
    expect(problems.map(({ file, line }) => [file, line])).toEqual([
      ["0.yml", 12],
      ["1.yml", 1],
    ]);
  });

  test("repeats the rule before with other values", () => {
    const repeat = `action: repeat\ntitle: Rule 2\nid: ${ID}2\ndetection: { s: { a: y } }\n`;
    const texts = [`${ruleDocument(1)}---\n${repeat}---\n${repeat.replaceAll("2", "3").replace("a: y", "b: z")}`];
    expect(tripped(texts, { a: "x" })).toEqual(["Rule 1"]);
    expect(tripped(texts, { a: "y" })).toEqual(["Rule 2"]);
    expect(tripped(texts, { a: "y", b: "z" })).toEqual(["Rule 2", "Rule 3"]);
  });

  test("says of what is shared where it is written", () => {
    const { problems } = read(`${GLOBAL.replace("low", "lowest")}---\n${part(1, "x")}`);
    expect(problems).toMatchObject([{ line: 2, reason: expect.stringMatching(/^level: must be one of/) }]);
  });

  test.each([
    ["an action nobody knows", "action: merge\n", /^action: must be one of global, reset, repeat/],
    ["a repetition of nothing", `action: repeat\n${part(1, "x")}`, /^action: repeat needs a rule before it/],
  ])("is refused for %s", (_, text, reason) => {
    expect(read(text).problems).toMatchObject([{ line: 1, reason: expect.stringMatching(reason) }]);
  });
});

describe("a filter", () => {
  const filter = (rules: string, logsource = LOGSOURCE): string =>
    `title: Our own scanner\n${logsource}\nfilter:\n  rules: ${rules}\n  s: { b: ok }\n  condition: not s\n`;
  const NAMED = ruleDocument(2, "{ s: { a: x }, condition: 1 of them }", "name: second\n");

  test.each([
    ["every rule of its log source", "any", ["Rule 1", "Rule 2"], []],
    ["the rule of an id", `[${ID}1]`, ["Rule 1", "Rule 2"], ["Rule 2"]],
    ["the rule of a name, without a list", "second", ["Rule 1", "Rule 2"], ["Rule 1"]],
  ])("narrows %s", (_, rules, without, within) => {
    // Wherever it stands: before the rules, in a file of its own.
    const texts = [filter(rules), ruleDocument(1), NAMED];
    expect(tripped(texts, { a: "x" })).toEqual(without);
    expect(tripped(texts, { a: "x", b: "ok" })).toEqual(within);
  });

  test("narrows no rule of another log source", () => {
    expect(tripped([filter("any", "logsource: { product: okta }"), ruleDocument(1)], { a: "x", b: "ok" })).toEqual([
      "Rule 1",
    ]);
  });

  test("narrows together with others", () => {
    const texts = [filter("any"), filter("any").replace("b: ok", "c: ok"), ruleDocument(1)];
    expect(tripped(texts, { a: "x", b: "ok" })).toEqual([]);
    expect(tripped(texts, { a: "x", c: "ok" })).toEqual([]);
    expect(tripped(texts, { a: "x" })).toEqual(["Rule 1"]);
  });

  test("may have a selection that is named like the rule's: both keep their own", () => {
    expect(tripped([filter(`[${ID}1]`), ruleDocument(1)], { a: "x", s: "ok" })).toEqual(["Rule 1"]);
  });

  test.each([
    ["for a rule that is not there", filter("[third]"), 4, /filter\.rules\.0: no rule has the id or the name third/],
    ["for a rule of another log source", filter("second", "logsource: { product: okta }"), 4, /another log source/],
    ["without rules", filter("[]"), 4, /filter\.rules: /],
    ["without a condition", filter("any").replace("  condition: not s\n", ""), 3, /filter\.condition/],
    ["for a condition that is none", filter("any").replace("not s", "not t"), 6, /"t" where a selection/],
    ["without a log source", filter("any", "author: x"), 1, /logsource/],
    ["within a rule", `${filter("any")}detection: { s: { a: x }, condition: s }\n`, 3, /^filter: a rule has none/],
    [
      "for a modifier nobody knows",
      filter("any").replace("b:", "b|x:"),
      5,
      /filter\.s\.b\|x: the modifier x is not known/,
    ],
  ])("is refused %s", (_, text, line, reason) => {
    const { set, problems } = read(NAMED, text);
    expect(problems).toMatchObject([{ file: "1.yml", line, reason: expect.stringMatching(reason) }]);
    expect(set.rules).toHaveLength(1);
  });
});

describe("a set", () => {
  test.each([
    ["an id", ruleDocument(1), /^id: .* is the id of a rule in 0.yml already/, 2],
    ["an id in a correlation", `title: c\nid: ${ID}1\n${CORRELATION}`, /^id: .* already/, 2],
    ["a name", ruleDocument(2, undefined, "name: first\n"), /^name: first is the name of a rule in 0.yml already/, 6],
  ])("is refused for %s that is there twice", (_, text, reason, line) => {
    const { set, problems } = read(ruleDocument(1, undefined, "name: first\n"), text);
    expect(problems).toMatchObject([{ file: "1.yml", line, reason: expect.stringMatching(reason) }]);
    expect([set.rules.length, set.correlations.length]).toEqual([1, 0]);
  });

  test("keeps a correlation of rules that are there", () => {
    const { set, problems } = read(`title: c\nid: ${ID}9\n${CORRELATION}`, ruleDocument(1, undefined, "name: first\n"));
    expect([problems, set.correlations.map(({ title }) => title)]).toEqual([[], ["c"]]);
  });

  test("leaves out a correlation of rules that are not", () => {
    const { set, problems } = read(`title: c\nid: ${ID}9\n${CORRELATION}`);
    expect(set.correlations).toEqual([]);
    expect(problems).toMatchObject([{ reason: expect.stringMatching(/no rule has the id or the name first/) }]);
  });

  test("takes a rule without id and level where a correlation can call it by its name", () => {
    const text = `title: base\nname: base\n${LOGSOURCE}\ndetection: { s: { a: x }, condition: s }\n`;
    expect(read(text).set.rules).toMatchObject([{ id: "base", name: "base", level: "informational" }]);
  });

  test("is plain JSON with its plan: stored and read again it is the same", () => {
    const { set } = read(ruleDocument(1), ruleDocument(2));
    expect(set.plan).toEqual(planIndex(set.rules));
    expect(JSON.parse(JSON.stringify(set))).toEqual(set);
  });

  test("leaves out a rule whose placeholder nobody fills, and says so", () => {
    const { set } = read(
      ruleDocument(1),
      ruleDocument(2, "{ s: { 'a|expand': '%nobody%' }, condition: s }"),
      ruleDocument(3),
    );
    const usable = usableRules(set, { somebody: [] });
    expect(usable.problems).toEqual([
      { file: "1.yml", line: 5, reason: "a: %nobody% is not known; known are %somebody%" },
    ]);
    const found = createMatcher(usable.set, {})({ raw: { product: "aws", service: "cloudtrail", record: { a: "x" } } });
    expect(found.map(({ title }) => title)).toEqual(["Rule 1", "Rule 3"]);
    expect(() => createMatcher(set, { somebody: [] })).toThrow(/%nobody% is not known/);
  });
});
