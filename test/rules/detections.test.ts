/** Every rule in rules/detections passes its own tests and says what an alert has to say. Adding a rule needs no code here. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compileRule } from "../../lib/core/detections/compile-rule.ts";
import { parseRule } from "../../lib/core/detections/parse-rule.ts";
import { type RuleEvent, testRule } from "../../lib/core/detections/test-rule.ts";

const RULES = "rules/detections";
/** What the repository's gatebook.yml says. */
const PLACEHOLDERS = { deploy_roles: ["arn:aws:iam::111122223333:role/shop-deploy"] };
/** Fewer examples than this on a side show nothing about its edge. */
const MIN_EVENTS = 2;

const folders = readdirSync(RULES);

function readEvents(folder: string): RuleEvent[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ file: join(folder, name), record: JSON.parse(readFileSync(join(folder, name), "utf8")) }));
}

function readRule(name: string) {
  const file = join(RULES, name, "rule.yml");
  return parseRule(readFileSync(file, "utf8"), file);
}

test("the rules have ids of their own", () => {
  const ids = folders.map((name) => readRule(name).id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(folders)("%s", (name) => {
  const rule = readRule(name);
  const match = readEvents(join(RULES, name, "match"));
  const ignore = readEvents(join(RULES, name, "ignore"));

  test("matches its match/ and ignores its ignore/", () => {
    expect(Math.min(match.length, ignore.length)).toBeGreaterThanOrEqual(MIN_EVENTS);
    expect(testRule({ rule, match, ignore }, PLACEHOLDERS)).toEqual([]);
  });

  test("says why it is wrong, what to do, what it may be mistaken for and which technique it is", () => {
    expect(rule.description).not.toBe("");
    expect(rule.runbook).toHaveLength(3);
    expect(rule.falsepositives.length).toBeGreaterThan(0);
    expect(rule.tags).toContainEqual(expect.stringMatching(/^attack\.t\d{4}(\.\d{3})?$/));
  });

  // A near miss that is far away passes whatever the rule says: each test of the rule has to be what keeps some event out.
  test("needs each line of its selections", () => {
    const needless = rule.selections.flatMap((selection) =>
      selection.alternatives.flatMap((tests, i) =>
        tests.map((line) => {
          const alternatives = selection.alternatives.with(
            i,
            tests.filter((other) => other !== line),
          );
          const selections = rule.selections.map((each) =>
            each === selection ? { ...selection, alternatives } : each,
          );
          const { matches } = compileRule({ ...rule, selections }, PLACEHOLDERS);
          const isNeeded = ignore.some(({ record }) => matches(record)) || match.some(({ record }) => !matches(record));
          return isNeeded ? undefined : line.field;
        }),
      ),
    );
    expect(needless.filter((field) => field !== undefined)).toEqual([]);
  });
});
