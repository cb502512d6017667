/** Every rule in rules/detections passes its own tests and says what an alert has to say. Adding a rule needs no code here. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import { readExamples, readRules } from "../../lib/adapters/rule-files.ts";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { placeholdersOf } from "../../lib/core/configuration/placeholders.ts";
import { TACTICS, techniqueName, techniquesOf } from "../../lib/core/detections/attack.ts";
import { createDetector } from "../../lib/core/detections/detector.ts";
import type { Arriving, RuleExample } from "../../lib/core/detections/example.ts";
import type { FieldTest, Rule } from "../../lib/core/detections/rule.ts";
import type { RuleSet } from "../../lib/core/detections/rule-set.ts";
import { unfoldCollection } from "../../lib/core/detections/sigma/collection.ts";
import { readRuleDocuments } from "../../lib/core/detections/sigma/rule-document.ts";
import { arrivals, rulesOf, testRule, trips } from "../../lib/core/detections/test-rule.ts";
import { isObject } from "../../lib/core/sources/json.ts";

const ORGANISATION = "rules/example-organisation.yml";
const world = {
  configuration: parseConfiguration(readFileSync(ORGANISATION, "utf8"), ORGANISATION),
  createIndex: memoryEventIndex,
};
/** Fewer examples than this on a side show nothing about its edge. */
const MIN_EXAMPLES = 2;

/** What an alert's three lines begin with. */
const RUNBOOK = ["What it means", "What to check", "How to contain"];

const { set, problems } = readRules("rules/detections");
const all = [...set.rules, ...set.correlations];
const files = [...new Set(all.map(({ file }) => file))];

test("every file of rules can be read", () => expect(problems).toEqual([]));

test("the rules have ids of their own", () => {
  const ids = all.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

function isTactic(tag: string): boolean {
  return TACTICS.some((tactic) => tag === `attack.${tactic}`);
}

function isTechnique(tag: string): boolean {
  const [id] = techniquesOf([tag]);
  return id !== undefined && techniqueName(id) !== undefined;
}

/** Sigma's `references`, which Gatebook itself does not read. */
function referencesOf({ file, id }: { readonly file: string; readonly id: string }): readonly string[] {
  const documents = unfoldCollection(readRuleDocuments(readFileSync(file, "utf8"), file)).map(({ plain }) => plain);
  const document = documents.filter(isObject).find((each) => each["id"] === id);
  const references = document?.["references"];
  return Array.isArray(references) ? references.map(String) : [];
}

/** The rules of a file, each time with one line less. */
function* withoutOneLine(file: string, rules: RuleSet): Generator<{ line: FieldTest; shorter: RuleSet }> {
  for (const rule of rules.rules.filter((each) => each.file === file)) {
    for (const selection of rule.selections) {
      for (const [i, tests] of selection.alternatives.entries()) {
        for (const line of tests) {
          const left = tests.filter((other) => other !== line);
          const shortened = { ...selection, alternatives: selection.alternatives.with(i, left) };
          const selections = rule.selections.map((each) => (each === selection ? shortened : each));
          const others = rules.rules.map((each): Rule => (each === rule ? { ...rule, selections } : each));
          yield { line, shorter: { ...rules, rules: others } };
        }
      }
    }
  }
}

describe.each(files)("%s", (file) => {
  const { match, ignore } = readExamples(file);
  const waysOf = async (examples: readonly RuleExample[]): Promise<readonly Arriving[]> =>
    (await Promise.all(examples.map((example) => arrivals(example, { file, rules: set }, world)))).flat();

  test("matches its match/ and ignores its ignore/", async () => {
    expect(Math.min(match.length, ignore.length)).toBeGreaterThanOrEqual(MIN_EXAMPLES);
    expect(await testRule({ file, rules: set, match, ignore }, world)).toEqual([]);
  });

  test.each(all.filter((rule) => rule.file === file))(
    "$title: says why it is wrong, what to do, what it may be mistaken for, which technique it is and where to read on",
    (rule) => {
      expect(rule.description).not.toBe("");
      expect(rule.runbook).toEqual(RUNBOOK.map((beginning) => expect.stringMatching(`^${beginning}: .*[.?]$`)));
      expect(rule.falsepositives.length).toBeGreaterThan(0);
      const unknown = rule.tags.filter((tag) => !isTactic(tag) && !isTechnique(tag));
      expect(unknown, "neither a tactic nor a technique in attack.ts").toEqual([]);
      expect([rule.tags.some(isTactic), rule.tags.some(isTechnique)]).toEqual([true, true]);
      expect(referencesOf(rule)).not.toEqual([]);
      expect(referencesOf(rule).filter((reference) => !/^https:\/\/\S+$/.test(reference))).toEqual([]);
    },
  );

  // A near miss that is far away passes whatever the rule says: each test of the rule has to be what keeps some event out.
  test("needs each line of its selections", async () => {
    const [matching, ignored] = [await waysOf(match), await waysOf(ignore)];
    const needless: string[] = [];
    for (const { line, shorter } of withoutOneLine(file, rulesOf(file, set))) {
      const detector = createDetector({ rules: shorter, placeholders: placeholdersOf(world.configuration) });
      const wrong = await Promise.all([
        ...matching.map(async (way) => !(await trips(detector, file, way))),
        ...ignored.map((way) => trips(detector, file, way)),
      ]);
      if (!wrong.includes(true)) needless.push(line.field);
    }
    expect(needless).toEqual([]);
  });
});
