/** The rules that the Sigma project publishes, where this machine has them. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createMatcher } from "../../../../lib/core/detections/match/detect.ts";
import { placeholdersIn } from "../../../../lib/core/detections/match/placeholders.ts";
import type { Rule } from "../../../../lib/core/detections/rule.ts";
import { readRuleSet } from "../../../../lib/core/detections/rule-set.ts";
import { usableRules } from "../../../../lib/core/detections/usable-rules.ts";

const PUBLISHED = "../shared/data/sigma-rules";

const readFolder = (folder: string) =>
  readRuleSet(globSync(`${PUBLISHED}/${folder}/**/*.yml`).map((file) => ({ file, text: readFileSync(file, "utf8") })));

/** What an organisation would have to say: whatever it is, the rules must run with it. */
function placeholdersFor(rules: readonly Rule[]): Record<string, string[]> {
  const names = rules
    .flatMap(({ selections }) => selections.flatMap(({ alternatives }) => alternatives.flat()))
    .flatMap(({ expand, values }) => (expand ? values.flatMap((value) => placeholdersIn(String(value))) : []));
  return Object.fromEntries(names.map((name) => [name, ["*"]]));
}

describe.skipIf(!existsSync(PUBLISHED))("of the published rules", () => {
  test.each([
    ["rules", 348],
    ["rules/cloud/aws", 57],
    ["rules-placeholder", 9],
    ["rules-threat-hunting", 4],
  ])("all of %s load and run: %i", (folder, count) => {
    const { set, problems } = readFolder(folder);
    expect([problems, set.rules.length]).toEqual([[], count]);
    const placeholders = placeholdersFor(set.rules);
    expect(Object.keys(placeholders).length > 0).toBe(folder === "rules-placeholder");
    expect(usableRules(set, placeholders)).toEqual({ set, problems: [] });
    // Each is compiled when a record reaches it, and those of other products never are.
    for (const { logsource } of set.rules) createMatcher(set, placeholders)({ raw: { ...logsource, record: {} } });
  });

  test("those with placeholders that nobody fills are refused by their lines", () => {
    const { set } = readFolder("rules-placeholder");
    const { problems } = usableRules(set, {});
    expect(problems).toHaveLength(9);
    for (const { line, reason } of problems) {
      expect(line).toBeGreaterThan(1);
      expect(reason).toMatch(/%\w+% is not known/);
    }
  });

  test("those that aggregate the old way are refused, and told to be written as correlations", () => {
    const { set, problems } = readFolder("unsupported");
    expect([set.rules.length, problems.length]).toEqual([0, 9]);
    for (const { line, reason } of problems) {
      expect(line).toBeGreaterThan(1);
      expect(reason).toMatch(/^detection\.(condition|timeframe): .*no longer part of Sigma: write a correlation/);
    }
  });

  test("CloudTrail's find what they are about", () => {
    const matching = createMatcher(readFolder("rules/cloud/aws").set, {});
    const found = (record: object): readonly string[] =>
      matching({ raw: { product: "aws", service: "cloudtrail", record } }).map((rule) => rule.title);
    const update = {
      eventSource: "guardduty.amazonaws.com",
      eventName: "UpdateDetector",
      requestParameters: { enable: false },
    };
    const title = "AWS GuardDuty Detector Deleted Or Updated";
    expect(found(update)).toEqual([title]);
    expect(found({ ...update, requestParameters: { enable: true } })).toEqual([]);
    expect(found({ ...update, errorCode: "AccessDenied" })).toEqual([]);
  });

  test("keywords are looked for in an application's log", () => {
    const matching = createMatcher(readFolder("rules/application/django").set, {});
    const raw = (message: string) => ({ raw: { product: "django", record: { log: { message } } } });
    expect(matching(raw("django.core.exceptions.SuspiciousOperation: x"))).toHaveLength(1);
    expect(matching(raw("nothing"))).toEqual([]);
  });
});
