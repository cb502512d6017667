/** What rules cover is what their examples show: run, not believed. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { coverageOf, findingRules } from "../../../lib/core/detections/coverage.ts";
import { exampleActions } from "../../../lib/core/detections/example-actions.ts";
import { type RuleSet, readRuleSet } from "../../../lib/core/detections/rule-set.ts";
import { DELIVERY_ACTIONS } from "../../../lib/core/record/delivery-action.ts";
import { ruleText } from "./rules.ts";

const world = {
  configuration: parseConfiguration("organisation: acme\nalerts: { email: [security@acme.example] }\n", "gatebook.yml"),
  createIndex: memoryEventIndex,
};
const ID = "11111111-2222-4333-8444-555555555555";
const VIEW = "{ product: gatebook, service: access }";
const ANY_ACTION = "s: { action|exists: true }\ncondition: s";

function rulesOf(...texts: string[]): RuleSet {
  const { set, problems } = readRuleSet([{ file: "rule.yml", text: texts.join("---\n") }]);
  expect(problems).toEqual([]);
  return set;
}

async function actionsOf(rules: RuleSet, ...records: unknown[]): Promise<readonly unknown[]> {
  const match = records.map((record, i) => ({ file: `${i}.json`, record }));
  return (await exampleActions({ file: "rule.yml", rules, match }, world)).get(ID) ?? [];
}

const stopLogging: Record<string, unknown> = JSON.parse(
  readFileSync("test/events/cloudtrail/stop-logging.json", "utf8"),
);

describe("the action of a match event", () => {
  test("is what the normalised record says", async () => {
    const rules = rulesOf(ruleText(ANY_ACTION, VIEW));
    expect(await actionsOf(rules, { action: "secret.read" }, { action: "deploy.rollback" })).toEqual([
      "secret.read",
      "deploy.rollback",
    ]);
  });

  test("of a raw record is the one that Gatebook gives it", async () => {
    const rules = rulesOf(ruleText("s: { eventName: StopLogging }\ncondition: s"));
    expect(await actionsOf(rules, stopLogging)).toEqual(["audit.tamper"]);
  });

  test("of a message is found on the way of every event, once however the messages may arrive", async () => {
    const rules = rulesOf(ruleText("s: { eventName: StopLogging }\ncondition: s"));
    const later = { ...stopLogging, eventName: "StartLogging", eventID: "another" };
    expect(await actionsOf(rules, { messages: [stopLogging, later] })).toEqual(["audit.tamper"]);
  });

  test("of a webhook's record needs the header that names its event, which is no part of the payload", async () => {
    const rules = rulesOf(ruleText("s: { action: publicized }\ncondition: s", "{ product: github, service: webhook }"));
    const payload = {
      action: "publicized",
      repository: { id: 1, full_name: "acme/shop" },
      sender: { id: 1, login: "analima" },
    };
    expect(await actionsOf(rules, { ...payload, "X-GitHub-Event": "repository" })).toEqual(["source.admin"]);
  });

  test.each([
    ["a record that its source would not write", { a: "x" }],
    ["an action that there is none of", { a: "x", action: "fly" }],
  ])("cannot be told of %s", async (_, record) => {
    for (const logsource of [undefined, VIEW]) {
      expect(await actionsOf(rulesOf(ruleText("s: { a: x }\ncondition: s", logsource)), record)).toEqual([undefined]);
    }
  });

  test("is not counted where the rule does not match", async () => {
    const rules = rulesOf(ruleText("s: { action: secret.read }\ncondition: s", VIEW));
    expect(await actionsOf(rules, [{ action: "secret.read" }, { action: "secret.write" }])).toEqual(["secret.read"]);
  });

  test.each([
    ["is an empty list", []],
    ["messages[0]: is JSON, and no object", { messages: ["x"] }],
  ])("of an example that %s is refused, with its file", async (reason, record) => {
    const refused = actionsOf(rulesOf(ruleText(ANY_ACTION, VIEW)), record);
    await expect(refused).rejects.toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
    await expect(refused).rejects.toThrow(`0.json: ${reason}`);
  });
});

const COUNTED = `title: Often
id: 22222222-2222-4333-8444-555555555555
level: high
correlation: { type: event_count, rules: [${ID}], group-by: [person], timespan: 1h, condition: { gte: 2 } }
`;

describe("what makes findings", () => {
  test("is the correlation, and not the rule that is part of it only", () => {
    const titles = (set: RuleSet) => findingRules(set).map(({ title }) => title);
    expect(titles(rulesOf(ruleText(ANY_ACTION, VIEW), COUNTED))).toEqual(["Often"]);
    const loud = COUNTED.replace("gte: 2 }", "gte: 2 }, generate: true");
    expect(titles(rulesOf(ruleText(ANY_ACTION, VIEW), loud))).toEqual(["A rule", "Often"]);
  });

  test("is proved by the event that completes the correlation", async () => {
    const rules = rulesOf(ruleText(ANY_ACTION, VIEW), COUNTED);
    const event = (time: number, action: string) => ({ time, action, person: "ana@acme.example" });
    const record = [event(1_000, "secret.read"), event(2_000, "secret.write")];
    const match = [{ file: "0.json", record }];
    const actions = await exampleActions({ file: "rule.yml", rules, match }, world);
    expect([...actions.values()]).toEqual([["secret.write"]]);
  });
});

describe("coverage", () => {
  const [rule] = rulesOf(ruleText(ANY_ACTION, VIEW)).rules;
  if (rule === undefined) throw new Error("no rule");
  const tagged = { ...rule, tags: ["attack.impact", "attack.t1485", "ATTACK.T1078.004", "attack.t1485", "cve.2024-1"] };

  test("has a row for every delivery action, covered or not", () => {
    const rows = coverageOf([{ rule: tagged, actions: ["secret.read", "secret.read", undefined, "other"] }]);
    const actions = rows.filter(({ kind }) => kind === "action");
    expect(actions.map(({ name }) => name)).toEqual(DELIVERY_ACTIONS);
    const covering = [{ id: rule.id, title: rule.title }];
    for (const row of actions) {
      const events = { "secret.read": 2, other: 1 }[row.name] ?? 0;
      expect(row).toEqual({
        kind: "action",
        name: row.name,
        rules: events > 0 ? covering : [],
        events,
        drills: [],
      });
    }
  });

  test("has a row for each technique of the rules, proved by all their match events", () => {
    const staged = { ...rule, staged: true, tags: ["attack.t1485", "attack.t9999"] };
    const rows = coverageOf([
      { rule: tagged, actions: ["secret.read", undefined] },
      { rule: staged, actions: [] },
    ]);
    const covering = { id: rule.id, title: rule.title };
    expect(rows.filter(({ kind }) => kind === "technique")).toEqual([
      { kind: "technique", name: "T1078.004", title: "Cloud Accounts", rules: [covering], events: 2, drills: [] },
      {
        kind: "technique",
        name: "T1485",
        title: "Data Destruction",
        rules: [covering, { ...covering, staged: true }],
        events: 2,
        drills: [],
      },
      { kind: "technique", name: "T9999", rules: [{ ...covering, staged: true }], events: 0, drills: [] },
    ]);
  });
});
