/** What a correlation may be written as, and what is said of anything else. */
import { describe, expect, test } from "vitest";
import { stackProblems } from "../../../lib/core/detections/correlation/stack-limits.ts";
import { createDetector } from "../../../lib/core/detections/detector.ts";
import { transientMemory } from "../../../lib/core/detections/memory/transient-memory.ts";
import { readRuleSet } from "../../../lib/core/detections/rule-set.ts";
import { CORRELATION_ID, correlationText, kindRule, ruleSet } from "./correlation/rule-sets.ts";

const read = (...documents: string[]) => readRuleSet([{ file: "rules.yml", text: documents.join("---\n") }]);

/** Line and reason of each problem of a correlation with this text, which begins in line 6, its section in line 5. */
function problemsOf(correlation: string, more = ""): string[] {
  const { problems } = read(correlationText(correlation, more), kindRule("failed"));
  return problems.map(({ line, reason }) => `${line}: ${reason}`);
}

const over = (name: string, rules: string) =>
  `title: ${name}\nname: ${name}\ncorrelation: { type: temporal, rules: [${rules}], timespan: 5m }\n`;

const COUNT = "type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 5m\n";

test("reads what the specification names, to plain JSON", () => {
  const { set, problems } = read(
    correlationText(
      `type: value_count
rules: [failed, 5638f7c0-ac70-491d-8465-2a65075e0d86]
group-by: [user, host]
timespan: 90m
condition: { field: name, gt: 100, lte: 200 }
aliases: { user: { failed: who } }`,
      "name: many\ntags: [attack.t1110]\nfalsepositives: [none]\nstaged: true\nauthor: somebody\n",
    ),
    kindRule("failed"),
    kindRule("other").replace(/id: .*/, "id: 5638f7c0-ac70-491d-8465-2a65075e0d86"),
  );
  expect(problems).toEqual([]);
  const [rule] = set.correlations;
  expect(rule).toEqual({
    id: CORRELATION_ID,
    name: "many",
    title: "Many of them",
    level: "high",
    description: "They are many.",
    falsepositives: ["none"],
    tags: ["attack.t1110"],
    runbook: [],
    staged: true,
    file: "rules.yml",
    line: 10,
    type: "value_count",
    rules: ["failed", "5638f7c0-ac70-491d-8465-2a65075e0d86"],
    groupBy: ["user", "host"],
    aliases: { user: { failed: "who" } },
    timespanMs: 90 * 60 * 1000,
    condition: {
      bounds: [
        { by: "gt", value: 100 },
        { by: "lte", value: 200 },
      ],
      fields: ["name"],
    },
    generate: false,
  });
  expect(JSON.parse(JSON.stringify(rule))).toEqual(rule);
});

test.each([
  ["30s", 30],
  ["5m", 300],
  ["1h", 3_600],
  ["1d", 86_400],
  ["2w", 14 * 86_400],
  ["1M", 2_629_746],
  ["1y", 31_556_952],
])("a timespan of %s is %d seconds", (timespan, seconds) => {
  const { correlations } = ruleSet(
    kindRule("failed"),
    correlationText(`${COUNT.replace("5m", timespan)}condition: { gte: 2 }`),
  );
  expect(correlations[0]?.timespanMs).toBe(seconds * 1000);
});

const TIMESPAN = "must be a number and one of s, m, h, d, w, M, y, such as 90m, and at most ten years";

test.each([
  [COUNT, "5: correlation.condition: must have one of gt, gte, lt, lte, eq, neq"],
  [`${COUNT}condition: { gte: 2, field: name }`, "10: correlation.condition.field: means nothing to event_count"],
  [`${COUNT}condition: { gte: "2" }`, "10: correlation.condition.gte: must be a number"],
  [`${COUNT}condition: { atleast: 2 }`, '10: correlation.condition: Unrecognized key: "atleast"'],
  [
    `${COUNT}condition: failed and failed`,
    "10: correlation.condition: must be a map such as { gte: 10 }: conditions over the names of rules are not supported, list them under rules",
  ],
  [`${COUNT}window: sliding\ncondition: { gte: 2 }`, '5: correlation: Unrecognized key: "window"'],
  [
    `${COUNT.replace("event_count", "value_count")}condition: { gte: 2 }`,
    "10: correlation.condition: must name the field that value_count is about",
  ],
  [
    `${COUNT.replace("event_count", "value_percentile")}condition: { gte: 2, field: size }`,
    "10: correlation.condition: must say which percentile, such as percentile: 95",
  ],
  [
    `${COUNT.replace("event_count", "value_percentile")}condition: { gte: 2, field: size, percentile: 101 }`,
    "10: correlation.condition.percentile: must be 0 to 100",
  ],
  [
    `${COUNT.replace("event_count", "value_sum")}condition: { gte: 2, field: [a, b] }`,
    "10: correlation.condition.field: value_sum takes one field",
  ],
  [
    `${COUNT.replace("event_count", "value_median")}condition: { gte: 2, field: a }`,
    "6: correlation.type: must be one of event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile",
  ],
  [COUNT.replace("5m", "5"), `9: correlation.timespan: ${TIMESPAN}`],
  [COUNT.replace("5m", "0s"), `9: correlation.timespan: ${TIMESPAN}`],
  [COUNT.replace("5m", "5 minutes"), `9: correlation.timespan: ${TIMESPAN}`],
  [COUNT.replace("5m", "999999999y"), `9: correlation.timespan: ${TIMESPAN}`],
  [COUNT.replace("[failed]", "[]"), "7: correlation.rules: must not be empty"],
  [COUNT.replace("[failed]", "[failed, failed]"), "7: correlation.rules: names a rule twice"],
  [COUNT.replace("[user]", "[user, user]"), "8: correlation.group-by: names a field twice"],
  [COUNT.replace("[user]", "{ a: b }"), "8: correlation.group-by: must be a field or a list of fields"],
  [
    `${COUNT}condition: { gte: 2 }\naliases: { a: failed }`,
    "11: correlation.aliases.a: must be a map of a rule's name and its field",
  ],
])("%j: %s", (correlation, message) => {
  expect(problemsOf(correlation)).toEqual([message]);
});

describe("rules that a correlation refers to", () => {
  test("must be there, by id or name", () => {
    expect(problemsOf(`${COUNT.replace("[failed]", "[failed, gone]")}condition: { gte: 2 }`)).toEqual([
      "7: correlation.rules.1: no rule has the id or the name gone",
    ]);
  });

  test("may be correlations, in whatever order the files are read, and never in a circle", () => {
    const { set, problems } = read(over("outer", "inner, failed"), over("inner", "failed"), kindRule("failed"));
    expect(problems).toEqual([]);
    expect(set.correlations.map(({ name }) => name)).toEqual(["outer", "inner"]);
    const circle = read(over("one", "two"), over("two", "three"), over("three", "one"), over("self", "self"));
    expect(circle.set.correlations).toEqual([]);
    expect(circle.problems.map(({ reason }) => reason)).toEqual([
      "correlation.rules: one refers to itself, through three",
      "correlation.rules: one cannot be run",
      "correlation.rules: three cannot be run",
      "correlation.rules: self refers to itself, through self",
    ]);
  });

  test("may be five deep", () => {
    const chain = (length: number) => [
      kindRule("failed"),
      ...Array.from({ length }, (_, i) => over(`c${i}`, i === 0 ? "failed" : `c${i - 1}`)),
    ];
    expect(read(...chain(5)).problems).toEqual([]);
    expect(read(...chain(6).toReversed()).problems.length).toBeGreaterThan(0);
    expect(read(...chain(6)).problems.length).toBeGreaterThan(0);
  });
});

describe("in the stack", () => {
  const withCondition = (type: string, condition: string) =>
    ruleSet(kindRule("failed"), correlationText(`${COUNT.replace("event_count", type)}condition: ${condition}`));

  const UNDONE = [
    ["event_count", "{ lt: 3 }"],
    ["event_count", "{ gte: 3, lte: 9 }"],
    ["value_sum", "{ gte: 3, field: size }"],
  ] as const;

  test.each(UNDONE)("%s %s runs, though a later event can undo it", (type, condition) => {
    const rules = withCondition(type, condition);
    expect(stackProblems(rules)).toEqual([]);
    expect(createDetector({ rules, placeholders: {}, memory: transientMemory() })).toBeTypeOf("function");
  });

  test.each(UNDONE)("%s %s is refused with file and line where another correlation refers to it", (type, condition) => {
    const rules = ruleSet(
      kindRule("failed"),
      correlationText(`${COUNT.replace("event_count", type)}condition: ${condition}`).replace(
        "level:",
        "name: inner\nlevel:",
      ),
      over("outer", "inner"),
    );
    expect(stackProblems(rules)).toMatchObject([
      {
        file: "rules.yml",
        line: expect.any(Number),
        reason: expect.stringContaining("leave the other one to backtests"),
      },
    ]);
    expect(() => createDetector({ rules, placeholders: {}, memory: transientMemory() })).toThrow("can be undone");
    expect(createDetector({ rules, placeholders: {} })).toBeTypeOf("function");
  });

  test("what waits for the end of its time has to be told what to keep till then", async () => {
    const rules = withCondition("event_count", "{ lt: 3 }");
    const detector = createDetector({ rules, placeholders: {}, memory: transientMemory() });
    const raw = { product: "test", record: { kind: "failed", user: "ana" } };
    await expect(detector([{ id: "1", event: "1", time: 0, raw }])).rejects.toThrow(
      /^rules\.yml:\d+: waits for the end/,
    );
  });

  test("counts are bounded by what one item of the memory holds", () => {
    expect(stackProblems(withCondition("event_count", "{ gte: 1000 }"))).toEqual([]);
    expect(stackProblems(withCondition("event_count", "{ gte: 1001 }"))).toHaveLength(1);
    expect(stackProblems(withCondition("value_count", "{ gt: 200, field: a }"))).toHaveLength(1);
  });
});
