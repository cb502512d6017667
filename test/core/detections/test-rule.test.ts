/** A rule's own tests say which of its examples is on the wrong side, in whichever form the example is. */
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { readRuleSet } from "../../../lib/core/detections/rule-set.ts";
import { parseRule } from "../../../lib/core/detections/sigma/parse-rule.ts";
import { testRule } from "../../../lib/core/detections/test-rule.ts";
import { ruleText } from "./rules.ts";

const DETECTION = "s: { a|expand: '%p%' }\ncondition: s";
const VIEW = "{ product: gatebook, service: access }";
const world = {
  configuration: parseConfiguration(
    `organisation: acme
alerts: { email: [security@acme.example] }
detections: { placeholders: { p: [x] } }
people: [{ email: ana@acme.example, name: Ana, identities: ["arn:aws:iam::111122223333:user/ana"] }]
`,
    "gatebook.yml",
  ),
  createIndex: memoryEventIndex,
};
const x = { file: "x.json", record: { a: "x" } };
const y = { file: "y.json", record: { a: "y" } };

type Examples = readonly { readonly file: string; readonly record: unknown }[];

function run(detection: string, logsource: string | undefined, match: Examples, ignore: Examples) {
  const rule = parseRule(ruleText(detection, logsource), "rule.yml");
  return testRule({ file: "rule.yml", rules: { rules: [rule], correlations: [] }, match, ignore }, world);
}

test.each([
  ["the raw record", undefined],
  ["the normalised record", VIEW],
])("a rule over %s passes when its examples are where they belong", async (_, logsource) => {
  expect(await run(DETECTION, logsource, [x], [y])).toEqual([]);
});

test("every example on the wrong side is named", async () => {
  expect(await run(DETECTION, undefined, [x, y], [x, y])).toEqual([
    { file: "y.json", message: 'should match "A rule" and does not' },
    { file: "x.json", message: 'should not match "A rule" and does' },
  ]);
});

test("a rule without examples on either side fails", async () => {
  expect((await run(DETECTION, undefined, [], [])).map(({ file }) => file)).toEqual(["match", "ignore"]);
});

test("a rule with an unknown placeholder is refused", async () => {
  await expect(run("s: { a|expand: '%q%' }\ncondition: s", undefined, [x], [y])).rejects.toThrow(/%q% is not known/);
});

test("a list of records matches where one of them does", async () => {
  const both = { file: "both.json", record: [y.record, x.record] };
  const neither = { file: "neither.json", record: [y.record, y.record] };
  expect(await run(DETECTION, undefined, [both], [neither])).toEqual([]);
});

describe("messages", () => {
  const call = (eventName: string, more: object): object => ({
    eventVersion: "1.11",
    eventID: crypto.randomUUID(),
    eventTime: "2026-11-24T10:00:00Z",
    eventSource: "codepipeline.amazonaws.com",
    eventName,
    awsRegion: "eu-west-1",
    recipientAccountId: "111122223333",
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/ana", accountId: "111122223333" },
    ...more,
  });
  const start = call("StartPipelineExecution", {
    requestParameters: { name: "shop" },
    responseElements: { pipelineExecutionId: "E1" },
  });
  const approval = (state: string): object => ({
    version: "0",
    id: crypto.randomUUID(),
    "detail-type": "CodePipeline Action Execution State Change",
    source: "aws.codepipeline",
    account: "111122223333",
    time: "2026-11-24T10:01:00Z",
    region: "eu-west-1",
    detail: {
      pipeline: "shop",
      "execution-id": "E1",
      stage: "Release",
      action: "Approve",
      state,
      type: { category: "Approval", owner: "AWS", provider: "Manual" },
    },
  });
  const approve = call("PutApprovalResult", {
    eventTime: "2026-11-24T10:02:00Z",
    requestParameters: {
      pipelineName: "shop",
      stageName: "Release",
      actionName: "Approve",
      result: { status: "Approved" },
    },
  });
  const SELF =
    "s: { action: pipeline.approve, delivery.approvers: ana@acme.example, delivery.starters: ana@acme.example }";
  const messages = (...of: unknown[]) => ({ file: "messages.json", record: { messages: of } });

  test("go the whole way of an event, and know of each other", async () => {
    const whole = messages(start, approval("STARTED"), approve);
    expect(await run(`${SELF}\ncondition: s`, VIEW, [whole], [messages(approve)])).toEqual([]);
    expect(await run(`${SELF}\ncondition: s`, VIEW, [messages(approve)], [whole])).toHaveLength(2);
  });

  test("may be those of a webhook with its headers, or of a log file", async () => {
    const push = messages({ headers: { "X-GitHub-Event": "ping" }, body: { zen: "Keep it simple." } });
    const file = messages({ Records: [start, approve] });
    expect(
      await run("s: { X-GitHub-Event: ping }\ncondition: s", "{ product: github, service: webhook }", [push], [file]),
    ).toEqual([]);
  });

  test("have to match together and one by one, in the order in which they are written", async () => {
    const late = messages(approve, approval("STARTED"), start);
    expect(await run(`${SELF}\ncondition: s`, VIEW, [late], [messages(start)])).toEqual([
      { file: "messages.json", message: 'should match "A rule" and does not when its messages arrive one by one' },
    ]);
  });

  test.each([
    ["nothing", [], /messages: must be a list of at least one/],
    ["what is no list", "text", /messages: must be a list/],
    ["what is no event", [start, { a: 1 }], /messages\[1\]: is no event that Gatebook can tell/],
    ["what is no object", [null], /messages\[0\]: is JSON, and no object/],
    [
      "a webhook without anything",
      [start, { v: 1, kind: "webhook" }],
      /messages\[1\]: the webhook message cannot be read/,
    ],
  ])("that are %s are named, and fail the rule", async (_, record, expected) => {
    const [failure] = await run(DETECTION, VIEW, [{ file: "m.json", record: { messages: record } }], [y]);
    expect(failure).toMatchObject({ file: "m.json", message: expect.stringMatching(expected) });
  });
});

describe("a list of records", () => {
  const reads = (...hours: number[]) =>
    hours.map((hour) => ({
      eventTime: new Date(Date.UTC(2026, 10, 1, hour)).toISOString(),
      eventName: "Read",
      who: "ana",
    }));
  const example = (file: string, record: unknown) => ({ file, record });
  const base = `${ruleText("s: { eventName: Read }\ncondition: s")}name: read\n`;
  const correlation = (rules: string) => `title: Many reads
id: 22222222-2222-4333-8444-555555555555
correlation:
  type: event_count
  rules: [${rules}]
  group-by: [who]
  timespan: 2h
  condition: { gte: 3 }
`;
  const many = example("many.json", reads(0, 1, 2));
  const few = example("few.json", reads(0, 1, 9));

  test("shows a correlation, whose rules beside it make no match of their own", async () => {
    const { set, problems } = readRuleSet([{ file: "many.yml", text: `${base}---\n${correlation("read")}` }]);
    expect(problems).toEqual([]);
    expect(await testRule({ file: "many.yml", rules: set, match: [many], ignore: [few] }, world)).toEqual([]);
    expect(await testRule({ file: "many.yml", rules: set, match: [few], ignore: [many] }, world)).toEqual([
      { file: "few.json", message: 'should match "A rule" and does not' },
      { file: "many.json", message: 'should not match "A rule" and does' },
    ]);
  });

  test("shows a correlation over a rule of another file", async () => {
    const files = [
      { file: "read.yml", text: base },
      { file: "many.yml", text: correlation("11111111-2222-4333-8444-555555555555") },
    ];
    const { set, problems } = readRuleSet(files);
    expect(problems).toEqual([]);
    expect(await testRule({ file: "many.yml", rules: set, match: [many], ignore: [few] }, world)).toEqual([]);
  });

  test("shows what was never seen before", async () => {
    const text = `${ruleText("s: { eventName: Read }\ncondition: s")}first_seen: { fields: [who], within: 90d, learn: 1h }\n`;
    const { set, problems } = readRuleSet([{ file: "first.yml", text }]);
    expect(problems).toEqual([]);
    const again = example("again.json", reads(0, 2, 4));
    const stranger = example("stranger.json", [...reads(0, 2), { ...reads(4)[0], who: "zoe" }]);
    expect(await testRule({ file: "first.yml", rules: set, match: [stranger], ignore: [again] }, world)).toEqual([]);
  });
});

test("an empty list shows nothing, and fails the rule", async () => {
  expect(await run(DETECTION, undefined, [x], [{ file: "none.json", record: [] }])).toEqual([
    { file: "none.json", message: "is an empty list: it shows nothing" },
  ]);
});
