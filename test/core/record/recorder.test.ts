/** From messages to entries and findings, whatever the batches and the order. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { MAX_RECORD_BYTES } from "../../../lib/core/record/encode-record.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { type Arrival, createRecorder } from "../../../lib/core/record/recorder.ts";

const STORY = "test/events/story";
const story = readdirSync(STORY)
  .sort()
  .map((name) => ({ id: name, body: readFileSync(`${STORY}/${name}`, "utf8") }));
const settings = {
  configuration: parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml"),
  // Those that the story is about: whoever adds a rule need not know of it.
  rules: {
    rules: ["approval-by-starter", "deploy-role-outside-business-hours"].flatMap(
      (name) => requireRules(`rules/detections/${name}`).rules,
    ),
    correlations: [],
  },
};

/** Records batch after batch, as functions/record does, with an index in memory. */
async function recordBatches(batches: readonly (readonly Arrival[])[]): Promise<Finding[]> {
  const index = memoryEventIndex();
  const record = createRecorder({ settings, index });
  const findings: Finding[] = [];
  let size = 0;
  for (const batch of batches) {
    const { recorded, rejected } = await record(batch);
    expect(rejected).toEqual([]);
    const entries = recorded.map(({ append }) => append.index);
    findings.push(...recorded.flatMap(({ append }) => append.findings));
    await index.write({ origin: "test", time: size, from: size, size: size + entries.length, entries });
    size += entries.length;
  }
  return findings;
}

function summary(findings: readonly Finding[]): string[] {
  const byUid = new Map(findings.map((finding) => [finding.uid, finding]));
  return [...byUid.values()].map(({ rule, person }) => `${rule.title}: ${person}`).sort();
}

const EXPECTED = [
  "Deploy role assumed outside business hours: ana@acme.example",
  "Pipeline execution approved by the person who started it: ana@acme.example",
];

function position(part: string): number {
  return story.findIndex(({ id }) => id.includes(part));
}

describe("the story of a normal release, a self-approval and a deploy role at night", () => {
  test("makes two findings, each once", async () => {
    const findings = await recordBatches([story]);
    expect(findings).toHaveLength(2);
    expect(summary(findings)).toEqual(EXPECTED);
  });

  test("makes the same findings in any batches", async () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: story.length - 1 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (positions) => {
        const edges = [0, ...positions.sort((a, b) => a - b), story.length];
        const findings = await recordBatches(edges.slice(1).map((end, i) => story.slice(edges[i], end)));
        expect(summary(findings)).toEqual(EXPECTED);
        expect(findings).toHaveLength(2);
      }),
      { numRuns: 25 },
    );
  });

  test("makes the same findings when batches are delivered in any order inside", async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(story, { minLength: story.length }), async (shuffled) => {
        expect(summary(await recordBatches([shuffled]))).toEqual(EXPECTED);
      }),
      { numRuns: 25 },
    );
  });
});

describe("an approval by the starter is found", () => {
  const started = position("self-approved-started");
  const selfApproved = story.slice(started, position("deploy-role-assumed-at-night"));
  const [call, requested, outcome] = [
    "self-approved-approved-by",
    "self-approved-approval-requested",
    "self-approved-approval-succeeded",
  ]
    .map((part) => story[position(part)])
    .filter((arrival) => arrival !== undefined);
  const starts = selfApproved.filter(({ id }) => /started-by-ana|pipeline-started/.test(id));
  const rest = (...late: (Arrival | undefined)[]) => selfApproved.filter((arrival) => !late.includes(arrival));

  test("when the call comes before what the pipeline said of the request", async () => {
    const findings = await recordBatches([rest(requested, outcome), [requested, outcome].flatMap((one) => one ?? [])]);
    expect(summary(findings)).toEqual([EXPECTED[1]]);
    expect(findings.at(-1)).toMatchObject({
      principal: "arn:aws:iam::111122223333:user/ana",
      operation: "PutApprovalResult",
    });
  });

  test("when the request was never delivered", async () => {
    expect(summary(await recordBatches([rest(requested)]))).toEqual([EXPECTED[1]]);
  });

  test("when the start is told last", async () => {
    expect(summary(await recordBatches([rest(...starts), starts]))).toEqual([EXPECTED[1]]);
  });

  test("when the outcome is told last", async () => {
    const findings = await recordBatches([rest(outcome), outcome ? [outcome] : []]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.granted.by).not.toBe("unknown");
    expect(call).toBeDefined();
  });
});

test("the same wrong by two people is two findings", async () => {
  const night = story[position("deploy-role-assumed-at-night")];
  const asBo = (night?.body ?? "").replaceAll("user/ana", "user/bo").replace('"eventID": "', '"eventID": "2');
  const findings = await recordBatches([[night, { id: "bo", body: asBo }].flatMap((one) => one ?? [])]);
  expect(new Set(findings.map(({ uid }) => uid)).size).toBe(2);
});

describe("a batch", () => {
  const cloudTrail = (extra: object): string =>
    JSON.stringify({
      eventVersion: "1.11",
      eventID: crypto.randomUUID(),
      eventTime: "2026-11-18T10:00:00Z",
      eventSource: "codebuild.amazonaws.com",
      eventName: "UpdateProject",
      awsRegion: "eu-west-1",
      userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/ana" },
      ...extra,
    });
  const record = createRecorder({ settings, index: memoryEventIndex() });

  test("puts aside what is no event, with the reason, and goes on", async () => {
    const bodies = [
      "{",
      "[]",
      '"text"',
      "{}",
      cloudTrail({ eventTime: "yesterday" }),
      `${"[".repeat(100_000)}`,
      cloudTrail({}),
    ];
    const { recorded, rejected } = await record(bodies.map((body, i) => ({ id: String(i), body })));
    expect(recorded.map(({ id }) => id)).toEqual(["6"]);
    expect(rejected.map(({ id }) => id)).toEqual(["0", "1", "2", "3", "4", "5"]);
    for (const { reason } of rejected) expect(reason).not.toMatch(/fault of its own/);
  });

  test("says why in few words, however much is wrong", async () => {
    const own = { v: 1, kind: "gatebook", uid: "u", time: 1, type: "t", principal: "gatebook", message: "" };
    const body = JSON.stringify({ ...own, findings: Array.from({ length: 5_000 }, () => ({})) });
    const { rejected } = await record([{ id: "a", body }]);
    expect(rejected[0]?.reason).toMatch(/^Gatebook's own event cannot be read: findings.0.uid: .{500,1100}…$/);
  });

  test("reads a call that lost its time, and held a secret, by the time of the event around it", async () => {
    const { eventTime: _, ...detail } = JSON.parse(cloudTrail({ requestParameters: { password: "correct-horse" } }));
    const event = {
      id: "e",
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.codebuild",
      time: "2026-11-18T10:00:00Z",
      detail,
    };
    const { recorded, rejected } = await record([{ id: "a", body: JSON.stringify(event) }]);
    expect(rejected).toEqual([]);
    expect(recorded[0]?.record.event.time).toBe(Date.parse(event.time));
  });

  test("keeps secrets out of the entry, the index and the findings", async () => {
    const secret = ["hunter2", "correct", "horse"].join("-");
    const { recorded } = await record([
      {
        id: "a",
        body: cloudTrail({ requestParameters: { password: secret, url: `https://ana:${secret}@example.com` } }),
      },
    ]);
    const [one] = recorded;
    expect(Buffer.from(one?.append.bytes ?? []).toString()).toContain("[redacted:");
    expect(
      JSON.stringify([one?.record, Buffer.from(one?.append.bytes ?? []).toString(), one?.append.index]),
    ).not.toContain(secret);
  });

  test("keeps the raw data of a large record in an object of its own", async () => {
    const { recorded } = await record([
      { id: "a", body: cloudTrail({ requestParameters: { note: "word ".repeat(50_000) } }) },
    ]);
    const [one] = recorded;
    expect(one?.append.bytes.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
    expect(Buffer.from(one?.append.payload?.bytes ?? []).toString()).toContain("word word word");
    const entry = JSON.parse(Buffer.from(one?.append.bytes ?? []).toString());
    expect(entry.payload.sha256).toBe(one?.append.payload?.sha256);
    expect(entry.event.raw_data).toBeUndefined();
  });

  test("stays under the limit of an entry however large its fields are", async () => {
    const arn = `arn:aws:iam::111122223333:user/${"x".repeat(100_000)}`;
    const resources = Array.from({ length: 5_000 }, (_, i) => ({
      ARN: `arn:aws:s3:::bucket-${i}`,
      type: "AWS::S3::Bucket",
    }));
    const { recorded, rejected } = await record([
      { id: "a", body: cloudTrail({ userIdentity: { type: "IAMUser", arn }, userAgent: arn, resources }) },
    ]);
    expect(rejected).toEqual([]);
    expect(recorded[0]?.append.bytes.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
  });
});
