/** `gatebook backtest`: what the rules would have said, for programs to read. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { gatebook, linesOf, ROOT, temporaryFolder } from "./gatebook.ts";

const STORY = "test/events/story";
const KEYS = ["at", "event", "rule", "title", "level", "time", "principal", "resource"];
const SELF_APPROVAL = {
  at: `${STORY}/26-self-approved-approved-by-ana.json:0`,
  event: "6d49c9d8-a620-4e8e-acba-2b799e3b3748",
  rule: "2690fa30-6451-4ece-b241-7862991f6ef8",
  title: "Pipeline execution approved by the person who started it",
  level: "high",
  time: "2026-11-25T14:21:40.000Z",
  principal: "arn:aws:iam::111122223333:user/ana",
  resource: "arn:aws:codepipeline:eu-west-1:111122223333:shop-release/Approve/ReleaseApproval",
};
const NIGHT = {
  at: `${STORY}/35-deploy-role-assumed-at-night-by-ana.json:0`,
  event: "92bb8d36-74c2-4bd4-84c0-a1a831f9a5b8",
  rule: "87246445-d088-4828-a53e-f1932523c684",
  title: "Deploy role assumed outside business hours",
  level: "high",
  time: "2026-11-26T02:13:20.000Z",
  principal: "arn:aws:iam::111122223333:user/ana",
  resource: "arn:aws:iam::111122223333:role/shop-deploy",
};

/** The rules that the story is about: whoever adds a rule need not know of it. */
async function rulesOfTheStory(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ["approval-by-starter", "deploy-role-outside-business-hours"]) {
    cpSync(join(ROOT, "rules/detections", name, "rule.yml"), join(folder, name, "rule.yml"));
  }
  return folder;
}

const stopLogging = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(ROOT, "test/events/cloudtrail/stop-logging.json"), "utf8"));

test("the story has exactly two matches, one line of JSON each and nothing else on standard output", async () => {
  const { code, stdout } = await gatebook(["backtest", STORY, "--json", "--rules", await rulesOfTheStory()]);
  expect(code).toBe(1);
  const lines = linesOf(stdout);
  expect(lines).toEqual([SELF_APPROVAL, NIGHT]);
  for (const line of lines) expect(Object.keys(line)).toEqual(KEYS);
});

test("the order of the files does not matter: matches come in the order of time", async () => {
  const folder = await temporaryFolder();
  const names = readdirSync(join(ROOT, STORY)).sort().reverse();
  const records = names.map((name) => readFileSync(join(ROOT, STORY, name), "utf8"));
  const file = join(folder, "all.jsonl.gz");
  writeFileSync(file, gzipSync(records.map((text) => JSON.stringify(JSON.parse(text))).join("\n")));
  const { code, stdout } = await gatebook(["backtest", file, "--json", "--rules", await rulesOfTheStory()]);
  expect(code).toBe(1);
  const at = (name: string): string => `${file}:${names.findIndex((candidate) => candidate.startsWith(name))}`;
  expect(linesOf(stdout)).toEqual([
    { ...SELF_APPROVAL, at: at("26-") },
    { ...NIGHT, at: at("35-") },
  ]);
});

test("nothing found is exit code 0 and an empty standard output", async () => {
  const { code, stdout, stderr } = await gatebook(["backtest", `${STORY}/02-release-pipeline-started.json`, "--json"]);
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toMatch(/ 0 matches, 0 problems$/m);
});

test("what is broken is named by file and line, the rest is matched, and the exit code is 2", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "trail.jsonl");
  writeFileSync(file, `${JSON.stringify(stopLogging())}\n{"eventName": \n`);
  const { code, stdout, stderr } = await gatebook(["backtest", folder, "--json"]);
  expect(code).toBe(2);
  expect(linesOf(stdout)).toMatchObject([{ at: `${file}:0`, level: "critical" }]);
  expect(stderr).toContain(`${file}:2: is not JSON`);
});

test("with a log source, every object of CloudTrail's files is a raw record of it", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "trail.json.gz");
  const other = { ...stopLogging(), eventName: "StartLogging" };
  writeFileSync(file, gzipSync(JSON.stringify({ Records: [other, stopLogging()] })));
  const match = await gatebook(["backtest", file, "--logsource", "aws/cloudtrail", "--json"]);
  expect(match.code).toBe(1);
  const [line = {}, ...others] = linesOf(match.stdout);
  expect([others, Object.keys(line)]).toEqual([[], KEYS]);
  expect(line).toMatchObject({
    at: `${file}:1`,
    event: "cef7876c-5bfc-4c45-87d3-571d1a054341",
    title: "CloudTrail trail stopped or deleted",
    level: "critical",
    time: "2026-11-24T10:00:04.000Z",
    principal: "arn:aws:iam::111122223333:user/bo",
  });
  const elsewhere = await gatebook(["backtest", file, "--logsource", "github/audit", "--json"]);
  expect([elsewhere.code, elsewhere.stdout]).toEqual([0, ""]);
});

test("a rule that cannot be run is said by file and line, and the others run", async () => {
  const folder = await temporaryFolder();
  const good = readFileSync(join(ROOT, "rules/detections/trail-stopped-or-deleted/rule.yml"), "utf8");
  mkdirSync(join(folder, "rules"));
  writeFileSync(join(folder, "rules", "good.yml"), good);
  writeFileSync(
    join(folder, "rules", "bad.yml"),
    good.replace("condition: selection", "condition: selection and nobody"),
  );
  const file = join(folder, "event.json");
  writeFileSync(file, JSON.stringify(stopLogging()));
  const { code, stdout, stderr } = await gatebook(["backtest", file, "--rules", join(folder, "rules"), "--json"]);
  expect([code, linesOf(stdout).length]).toEqual([2, 1]);
  expect(stderr).toMatch(/^.*bad\.yml: line \d+: .*nobody/m);
});

const STAGED_RULE = `title: Trail stopped, on trial
id: 0b7c8a52-3f9e-4c55-9d0e-6a1f1c0c9f11
level: high
staged: true
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: StopLogging }, condition: selection }
`;

/** Three within the hour by Bo, one by Ana two weeks later. */
async function trailOfTwoWeeks(): Promise<{ file: string; rules: string }> {
  const folder = await temporaryFolder();
  const at = (eventTime: string, user: string): Record<string, unknown> => {
    const arn = `arn:aws:iam::111122223333:user/${user}`;
    return { ...stopLogging(), eventID: eventTime, eventTime, userIdentity: { type: "IAMUser", arn, userName: user } };
  };
  const records = [
    at("2026-11-03T10:00:00Z", "bo"),
    at("2026-11-03T10:10:00Z", "bo"),
    at("2026-11-03T10:20:00Z", "bo"),
    at("2026-11-17T10:00:00Z", "ana"),
  ];
  const file = join(folder, "trail.jsonl");
  writeFileSync(file, records.map((record) => JSON.stringify(record)).join("\n"));
  const rules = join(folder, "rules");
  mkdirSync(rules);
  writeFileSync(join(rules, "staged.yml"), STAGED_RULE);
  cpSync(join(ROOT, "rules/detections/trail-stopped-or-deleted/rule.yml"), join(rules, "loud.yml"));
  return { file, rules };
}

const LOUD = { title: "CloudTrail trail stopped or deleted", level: "critical", staged: false };

test.each([
  ["", [], ["bo@acme.example", "ana@acme.example"]],
  [
    " of raw records",
    ["--logsource", "aws/cloudtrail"],
    ["arn:aws:iam::111122223333:user/bo", "arn:aws:iam::111122223333:user/ana"],
  ],
])("a summary%s says how many alerts each rule would have made, and by whom", async (_, more, [bo, ana]) => {
  const { file, rules } = await trailOfTwoWeeks();
  const { code, stdout } = await gatebook(["backtest", file, "--rules", rules, "--summary", "--json", ...more]);
  expect(code).toBe(1);
  const counted = {
    matches: 4,
    // The first of three within the hour, the mail that counts the others, and Ana's.
    alerts: 3,
    perWeek: 1.5,
    suppressed: 0,
    belowLevel: 0,
    by: [
      { who: bo, matches: 3 },
      { who: ana, matches: 1 },
    ],
  };
  expect(linesOf(stdout)).toEqual([
    { rule: "2b2276b4-95c8-4d7d-a27f-754efbdf3f31", ...LOUD, ...counted },
    {
      rule: "0b7c8a52-3f9e-4c55-9d0e-6a1f1c0c9f11",
      title: "Trail stopped, on trial",
      level: "high",
      staged: true,
      ...counted,
    },
  ]);
});

test("a summary for people is a table, in place of the matches or beside them on standard error", async () => {
  const { file, rules } = await trailOfTwoWeeks();
  const [instead, beside] = await Promise.all([
    gatebook(["backtest", file, "--rules", rules, "--summary"]),
    gatebook(["backtest", file, "--rules", rules, "--json"]),
  ]);
  for (const table of [instead.stdout, beside.stderr]) {
    expect(table).toMatch(/^ALERTS +A WEEK +MATCHES +LEVEL +RULE +BY$/m);
    expect(table).toMatch(
      /^ +3 +1\.5 +4 +critical +CloudTrail trail stopped .* bo@acme\.example 3, ana@acme\.example 1$/m,
    );
    expect(table).toMatch(/^ +3 +1\.5 +4 +high +Trail stopped, on trial \(staged: nobody would have been told\)/m);
  }
  expect(instead.stdout).not.toContain(file);
  expect(linesOf(beside.stdout)).toHaveLength(8);
  expect([instead.code, beside.code]).toEqual([1, 1]);
});
