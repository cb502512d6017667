/** What rules say of the policies whose denials they report is checked when they are read. */
import { describe, expect, test } from "vitest";
import { readRuleSet } from "../../../lib/core/detections/rule-set.ts";

const ID = "11111111-2222-4333-8444-55555555555";
const LOGSOURCE = "logsource: { product: aws, service: cloudtrail }";
const KNOWN = { policies: new Set(["not-allowed", "own-work"]) };
const CORRELATION = `title: Many
id: ${ID}2
level: high
correlation: { type: event_count, rules: [first], group-by: [a], timespan: 5m, condition: { gte: 3 } }
`;

/** Of six lines, and what comes after them. */
function ruleWith(more: string): string {
  return `title: Rule\nid: ${ID}1\nname: first\nlevel: high\n${LOGSOURCE}\ndetection: { s: { a: x }, condition: s }\n${more}`;
}

function problemsOf(...documents: string[]) {
  return readRuleSet([{ file: "rules.yml", text: documents.join("---\n") }], KNOWN).problems;
}

describe("policies whose denials a rule reports", () => {
  test("are those that there are", () => {
    expect(problemsOf(ruleWith("policies: [not-allowed, own-work]\n"))).toEqual([]);
    expect(problemsOf(ruleWith("policies:\n  - not-allowed\n  - own-wrok\n"))).toEqual([
      {
        file: "rules.yml",
        line: 9,
        reason: "policies.1: no access policy has the id own-wrok: there are not-allowed, own-work",
      },
    ]);
  });

  test("are not checked where nobody says which there are", () => {
    expect(readRuleSet([{ file: "rules.yml", text: ruleWith("policies: [own-wrok]\n") }]).problems).toEqual([]);
  });

  test("are reported by a rule of first sightings too", () => {
    const seen = "first_seen: { fields: [a], within: 30d, learn: 7d }\npolicies: [own-work]\n";
    expect(problemsOf(ruleWith(seen))).toEqual([]);
  });

  test("are none of a correlation's, nor of a rule that is only part of one", () => {
    expect(problemsOf(ruleWith(""), `${CORRELATION}policies: [own-work]\n`)).toEqual([
      {
        file: "rules.yml",
        line: 12,
        reason: expect.stringMatching(/^policies: a correlation is about several events/),
      },
    ]);
    const reporting = ruleWith("policies: [own-work]\n");
    expect(problemsOf(reporting, CORRELATION)).toEqual([
      { file: "rules.yml", line: 7, reason: expect.stringMatching(/^policies: the rule makes no findings/) },
    ]);
    expect(problemsOf(reporting, `${CORRELATION}generate: true\n`)).toEqual([]);
  });
});
