/** What a rule keeps, and what is refused: with file, line and key. */
import { describe, expect, test } from "vitest";
import { parseRule } from "../../../../lib/core/detections/sigma/parse-rule.ts";
import { ruleText } from "../rules.ts";
import { expectRefusal, WHOLE } from "./refusals.ts";

test("a rule keeps what findings and the compiler need", () => {
  expect(parseRule(WHOLE, "trail/rule.yml")).toEqual({
    id: "2b2276b4-95c8-4d7d-a27f-754efbdf3f31",
    title: "A trail stopped",
    level: "critical",
    description: "Nobody is watching.",
    falsepositives: ["Maintenance"],
    tags: ["attack.defense-impairment", "attack.t1685.002"],
    runbook: ["What it means", "What to check", "How to contain"],
    file: "trail/rule.yml",
    logsource: { product: "aws", service: "cloudtrail" },
    selections: [
      {
        name: "selection",
        alternatives: [
          [
            {
              field: "eventName",
              line: 13,
              comparison: "startswith",
              all: false,
              cased: true,
              negated: false,
              expand: false,
              values: ["Stop", "Delete"],
            },
          ],
        ],
      },
    ],
    condition: { type: "selection", name: "selection" },
  });
});

test("a rule may do without a service, false positives, tags and a runbook", () => {
  const { logsource, falsepositives, tags, runbook } = parseRule(
    ruleText("s: { a: 1 }\ncondition: s", "{ product: okta, category: application }"),
    "r",
  );
  expect({ logsource, falsepositives, tags, runbook }).toEqual({
    logsource: { product: "okta" },
    falsepositives: [],
    tags: [],
    runbook: [],
  });
});

test("a rule keeps what Gatebook adds to Sigma, and the name that others call it by", () => {
  const more = "name: trails\nstaged: true\nfirst_seen: { fields: [person, resources.uid], within: 90d, learn: 14d }";
  const DAY_MS = 24 * 60 * 60 * 1000;
  expect(parseRule(WHOLE.replace("author: Somebody", more), "r")).toMatchObject({
    name: "trails",
    staged: true,
    firstSeen: { fields: ["person", "resources.uid"], withinMs: 90 * DAY_MS, learnMs: 14 * DAY_MS },
  });
});

test.each([
  ["a category alone", "{ category: webserver }", { category: "webserver" }],
  ["a service alone", "{ service: sshd }", { service: "sshd" }],
  [
    "a category that narrows",
    "{ product: linux, category: process_creation }",
    { product: "linux", category: "process_creation" },
  ],
  ["a category that does not", "{ category: application, product: jvm }", { product: "jvm" }],
])("a rule may be for %s", (_, logsource, expected) => {
  expect(parseRule(ruleText("s: { a: 1 }\ncondition: s", logsource), "r").logsource).toEqual(expected);
});

describe("the shell of a rule is refused", () => {
  test.each([
    ["without a title", "title: A trail stopped", "", /^rule.yml:1: title: must be text/],
    ["with an id that is no UUID", /id: .*/, "id: trail", /^rule.yml:3: id: must be a UUID/],
    ["with another level", "critical", "urgent", /^rule.yml:16: level: must be one of informational, low/],
    ["without a level", "level: critical", "", /^rule.yml:1: level: must be there/],
    ["without an id", /id: .*/, "", /^rule.yml:1: id: must be a UUID/],
    [
      "with a time that is none",
      "author: Somebody",
      "first_seen: { fields: [a], within: soon, learn: 14d }",
      /^rule.yml:7: first_seen.within: must be a number and one of/,
    ],
    [
      "with a first time of nothing",
      "author: Somebody",
      "first_seen: { fields: [], within: 90d, learn: 14d }",
      /^rule.yml:7: first_seen.fields: must name a field/,
    ],
    ["with staged as text", "author: Somebody", "staged: maybe", /^rule.yml:7: staged: must be true or false/],
    ["with a short runbook", ", How to contain", "", /^rule.yml:17: runbook: must be exactly three lines/],
    ["with an empty line of a runbook", "How to contain", "' '", /^rule.yml:17: runbook.2: must not be empty/],
    ["with tags that are no list", /tags: .*/, "tags: attack", /^rule.yml:9: tags: must be a list/],
    ["without a log source", /logsource: .*/, "", /logsource: must be a map of product/],
    [
      "with an empty log source",
      "product: aws, service: cloudtrail, ",
      "",
      /^rule.yml:10: logsource: must name a product, a service/,
    ],
    [
      "with a log source in capitals",
      "product: aws",
      "product: AWS",
      /^rule.yml:10: logsource.product: must be lower-case/,
    ],
    [
      "for what Gatebook does not have",
      "aws, service: cloudtrail",
      "gatebook, service: x",
      /10: logsource.service: must be access/,
    ],
    ["without a detection", /detection:[\s\S]*condition: selection/, "", /detection: must be a map/],
    ["without a condition", "  condition: selection\n", "", /^rule.yml:11: detection.condition: must be text/],
    [
      "with a condition that is no text",
      "condition: selection",
      "condition: 1",
      /^rule.yml:14: detection.condition: must be text/,
    ],
    [
      "with a wrong condition",
      "condition: selection",
      "condition: selektion",
      /^rule.yml:14: detection.condition: "selektion" where/,
    ],
  ])("%s", (_, from, to, message) => expectRefusal(WHOLE.replace(from, to), message));
});

describe("a selection is refused", () => {
  const AT = String.raw`^rule.yml:7: detection\.s`;
  test.each([
    ["for an expression that is none", "s: { a|re: '(' }", String.raw`${AT}\.a\|re: .*missing closing`],
    ["for an expression that is a number", "s: { a|re: 5 }", "must be a regular expression, as text"],
    ["for a modifier nobody knows", "s: { a|Contains: x }", "the modifier Contains is not known"],
    ["for equals, which Sigma lacks", "s: { a|equals: x }", "the modifier equals is not known"],
    ["for an empty modifier", "s: { 'a|': x }", String.raw`the modifier \(empty\) is not known`],
    ["for a modifier twice", "s: { a|contains|contains: x }", "contains is there twice"],
    ["for the name of what every object has", "s: { a|constructor: x }", "the modifier constructor is not known"],
    ["for flags of no expression", "s: { a|contains|i: x }", "i, m and s belong behind re"],
    ["for a cased expression", "s: { a|re|cased: x }", "re and cased cannot be combined"],
    ["for an encoded expression", "s: { a|base64|re: x }", "re and base64 cannot be combined"],
    ["for an encoded number", "s: { a|base64: 5 }", "base64 needs text"],
    ["for Base64 of what is open already", "s: { a|contains|base64: x }", "base64 must stand before contains"],
    ["for Base64 of a placeholder's name", "s: { a|base64|expand: '%x%' }", "expand must stand before base64"],
    ["for Base64 with wildcards", "s: { a|base64offset|contains: x* }", "Base64 has no wildcards"],
    ["for two parts of a time", "s: { a|hour|minute: 5 }", "minute and hour cannot be combined"],
    ["for text within a time", "s: { a|hour|contains: 5 }", "hour and contains cannot be combined"],
    ["for a time in quotes", "s: { a|hour: '5' }", "hour is compared with a whole number"],
    ["for half an hour", "s: { a|hour: 5.5 }", "hour is compared with a whole number"],
    ["for a network that is open", "s: { a|cidr|contains: 10.0.0.0/8 }", "cannot be combined"],
    ["for two comparisons", "s: { a|startswith|endswith: x }", "startswith and endswith cannot be combined"],
    ["for cased numbers", "s: { a|gt|cased: 1 }", "gt and cased cannot be combined"],
    ["for all and neq", "s: { a|all|neq: [x, y] }", "all and neq cannot be combined"],
    ["for all of one", "s: { a|contains|all: x }", "all needs a list of two"],
    ["for a keyword that is null", "s: [mimikatz, null]", "a keyword must be text"],
    ["for keywords that are a network", "s: { '|cidr': 10.0.0.0/8 }", "cidr needs a field before it"],
    ["for keywords that are not there", "s: { '|neq': x }", "neq needs a field before it"],
    ["for keywords that are a time", "s: { '|hour': 5 }", "hour needs a field before it"],
    ["for one keyword of all", "s: { '|all': [x] }", "all needs a list of two"],
    ["for a list of lists", "s: [[x]]", String.raw`${AT}\.0: must be a map of fields or a list of keywords`],
    ["for being empty", "s: {}", `${AT}: must not be empty`],
    ["for being an empty list", "s: []", `${AT}: must not be empty`],
    ["for an empty list of values", "s: { a: [] }", "must not be an empty list"],
    ["for a value that is a map", "s: { a: { b: c } }", "must be text, a number, true, false, null"],
    ["for a list in a list", "s: { a: [[x]] }", "must be text, a number, true, false, null"],
    ["for infinity", "s: { a: .inf }", "read as the number Infinity"],
    ["for null in contains", "s: { a|contains: [x, null] }", "null goes with no modifier"],
    ["for exists with text", "s: { a|exists: 'yes' }", "exists must be true or false"],
    ["for exists with a list", "s: { a|exists: [true] }", "exists must be true or false"],
    ["for gt with text", "s: { a|gt: '5' }", "must be a number"],
    ["for a network that is none", "s: { a|cidr: 10.0.0.0/33 }", "must be a network"],
    ["for an address without a prefix", "s: { a|cidr: 10.0.0.1 }", "must be a network"],
    ["for a field that is none", "s: { a|fieldref: 5 }", "must be the name of a field"],
    ["for a field that objects inherit", "s: { a.__proto__.b: x }", "__proto__ is not a field"],
    ["for a field with an empty name", "s: { a..b: 5 }", "has an empty name between its dots"],
    ["for expand without a placeholder", "s: { a|expand: x }", "expand needs a placeholder"],
    [
      "for a number that loses its zero",
      "s: { account: 012345678901 }",
      "012345678901: is read as the number 12345678901",
    ],
    ["for a number that loses its end", "s: { version: 1.10 }", "1.10: is read as the number 1.1"],
    ["for a number that loses its digits", "s: { id: 12345678901234567890 }", "put it in quotes"],
    ["for __proto__", "s: { __proto__: x }", "__proto__: is not a field"],
    ["for __proto__ as its name", "__proto__: { a: x }", "__proto__: is not a field"],
    [
      "for a timeframe",
      "s: { a: x }\ntimeframe: 5m",
      "^rule.yml:8: detection.timeframe: aggregations .*: write a correlation",
    ],
  ])("%s", (_, lines, message) => {
    // The condition comes first so as not to move the lines.
    expectRefusal(ruleText(lines).concat("  condition: s\n"), new RegExp(message));
  });

  test("when there is none", () => expectRefusal(ruleText("condition: them"), /detection: must have a selection/));

  test("when there are too many", () => {
    const many = Array.from({ length: 201 }, (_, i) => `s${i}: { a: x }`).join("\n");
    expectRefusal(ruleText(`${many}\ncondition: s1`), /more than 200 selections/);
  });
});
