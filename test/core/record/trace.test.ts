/** One delivery is one trace: from the push over the execution and its builds to the calls of the builds' sessions. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { NO_ENTRIES } from "../../../lib/core/record/batch-entries.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { nodesAbove, nodesBelow } from "../../../lib/core/record/trace-graph.ts";

const ACCOUNT = "111122223333";
const EXECUTION = "5f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01";
const BUILD = "8f2f0e24-0d7b-4a4e-9d5a-6f3a6f8f2b11";
const SHA = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";
const HEAD_SHA = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";
const PULL = "github:acme/shop/pull/7";

const settings = {
  configuration: parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml"),
  rules: requireRules("rules/detections/approval-by-committer"),
};

type Event = Readonly<Record<string, unknown>>;

const timeAt = (second: number): string => new Date(Date.UTC(2026, 10, 24, 10, 0, second)).toISOString();

function gitHub(event: string, second: number, payload: Event): Event {
  const body = Buffer.from(JSON.stringify({ repository: { full_name: "acme/shop" }, ...payload })).toString("base64");
  const headers = { "x-github-event": event, "x-github-delivery": crypto.randomUUID() };
  return { v: 1, kind: "webhook", source: "github", receivedAt: Date.parse(timeAt(second)), headers, body };
}

const opened = (second: number, login: string): Event =>
  gitHub("pull_request", second, {
    action: "opened",
    sender: { login },
    pull_request: { number: 7, head: { sha: HEAD_SHA }, updated_at: timeAt(second) },
  });

const merged = (second: number, login: string): Event =>
  gitHub("pull_request", second, {
    action: "closed",
    sender: { login },
    pull_request: {
      number: 7,
      merged: true,
      merge_commit_sha: SHA,
      head: { sha: HEAD_SHA },
      updated_at: timeAt(second),
    },
  });

const pushed = (second: number, login: string): Event =>
  gitHub("push", second, { ref: "refs/heads/main", after: SHA, sender: { login } });

function action(second: number, category: string, state: string, more: Event = {}): Event {
  return {
    version: "0",
    id: crypto.randomUUID(),
    "detail-type": "CodePipeline Action Execution State Change",
    source: "aws.codepipeline",
    account: ACCOUNT,
    time: timeAt(second),
    region: "eu-west-1",
    resources: [],
    detail: {
      pipeline: "shop-release",
      "execution-id": EXECUTION,
      stage: category,
      action: "Approve",
      state,
      type: { category, owner: "AWS", provider: "Any" },
      ...more,
    },
  };
}

const sourceTaken = (second: number): Event =>
  action(second, "Source", "SUCCEEDED", { "execution-result": { "external-execution-id": SHA } });
const built = (second: number): Event =>
  action(second, "Build", "SUCCEEDED", { "execution-result": { "external-execution-id": `shop:${BUILD}` } });

function call(source: string, eventName: string, second: number, more: Event): Event {
  return {
    eventVersion: "1.11",
    eventID: crypto.randomUUID(),
    eventTime: timeAt(second),
    eventSource: `${source}.amazonaws.com`,
    eventName,
    awsRegion: "eu-west-1",
    recipientAccountId: ACCOUNT,
    ...more,
  };
}

const approved = (second: number, user: string): Event =>
  call("codepipeline", "PutApprovalResult", second, {
    userIdentity: { type: "IAMUser", arn: `arn:aws:iam::${ACCOUNT}:user/${user}`, accountId: ACCOUNT },
    requestParameters: {
      pipelineName: "shop-release",
      stageName: "Approval",
      actionName: "Approve",
      result: { status: "Approved" },
    },
  });

const roleTaken = (second: number, by: Event, session: string, key: string): Event =>
  call("sts", "AssumeRole", second, {
    userIdentity: by,
    requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/shop-build`, roleSessionName: session },
    responseElements: { credentials: { accessKeyId: key } },
  });

const inSession = (second: number, key: string): Event =>
  call("secretsmanager", "GetSecretValue", second, {
    userIdentity: {
      type: "AssumedRole",
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/shop-build/AWSCodeBuild-${BUILD}`,
      accountId: ACCOUNT,
      accessKeyId: key,
    },
    requestParameters: { secretId: "shop/prod/db" },
  });

const CODEBUILD = { type: "AWSService", invokedBy: "codebuild.amazonaws.com" };

async function record(...batches: readonly (readonly Event[])[]) {
  const index = memoryEventIndex();
  const recordBatch = createRecorder({ settings, index });
  const records: AuditRecord[] = [];
  for (const [size, batch] of batches.entries()) {
    const { recorded } = await recordBatch(batch.map((event, i) => ({ id: String(i), body: JSON.stringify(event) })));
    expect(recorded).toHaveLength(batch.length);
    records.push(...recorded.map((each) => each.record));
    await index.write({ origin: "o", time: 0, from: size, size, entries: recorded.map(({ append }) => append.index) });
  }
  return { index, records, rules: records.flatMap(({ findings }) => findings.map(({ rule }) => rule.title)) };
}

const BY_COMMITTER = "Pipeline execution approved by somebody who wrote what it delivers";

describe("an approval by the committer of a push-triggered execution", () => {
  const asked = action(5, "Approval", "STARTED");
  test.each([
    ["who pushed the commit", [pushed(0, "analima")]],
    [
      "who opened the pull request that another merged",
      [opened(0, "analima"), merged(1, "bochen"), pushed(1, "bochen")],
    ],
  ])("is found: %s", async (_, source) => {
    expect((await record([...source, sourceTaken(4), asked], [approved(9, "ana")])).rules).toEqual([BY_COMMITTER]);
    expect((await record([...source, sourceTaken(4), asked, approved(9, "ana")])).rules).toEqual([BY_COMMITTER]);
    expect((await record([asked], [sourceTaken(4)], source, [approved(9, "ana")])).rules).toEqual([BY_COMMITTER]);
  });

  test("accuses nobody who merged or approved what others wrote", async () => {
    const source = [opened(0, "analima"), merged(1, "bochen"), pushed(1, "bochen")];
    expect((await record([...source, sourceTaken(4), asked], [approved(9, "bo")])).rules).toEqual([]);
    expect((await record([pushed(0, "analima"), sourceTaken(4), asked], [approved(9, "bo")])).rules).toEqual([]);
  });

  test("is not looked for in another execution of the same commit", async () => {
    const source = [pushed(0, "analima"), sourceTaken(4)];
    const other = { ...asked, detail: { ...(asked["detail"] as Event), "execution-id": "another" } };
    expect((await record(source, [other], [approved(9, "ana")])).rules).toEqual([]);
  });
});

describe("the traces of one delivery", () => {
  test("lead from a commit to the executions and builds that came of it, and back, never across", async () => {
    const other: Event = { ...sourceTaken(6), id: "2" };
    const detail = { ...(other["detail"] as Event), "execution-id": "another" };
    const { index } = await record(
      [opened(0, "analima"), merged(1, "bochen"), sourceTaken(4), built(5)],
      [{ ...other, detail }],
    );
    expect(await nodesAbove(EXECUTION, NO_ENTRIES, index)).toEqual([EXECUTION, `commit:${SHA}`, PULL]);
    expect(await nodesAbove(`codebuild:${BUILD}`, NO_ENTRIES, index)).toEqual([
      `codebuild:${BUILD}`,
      EXECUTION,
      `commit:${SHA}`,
      PULL,
    ]);
    expect((await nodesBelow(PULL, NO_ENTRIES, index)).sort()).toEqual(
      [PULL, `commit:${SHA}`, `commit:${HEAD_SHA}`, EXECUTION, "another", `codebuild:${BUILD}`].sort(),
    );
  });

  test("take in the calls of a build's session, by the credentials that CodeBuild was handed", async () => {
    const { records } = await record(
      [roleTaken(1, CODEBUILD, `AWSCodeBuild-${BUILD}`, "ASIABUILD")],
      [inSession(2, "ASIABUILD")],
    );
    expect(records.map(({ trace }) => trace)).toEqual([`codebuild:${BUILD}`, `codebuild:${BUILD}`]);
  });

  test("do not take in a session that somebody only named like a build's", async () => {
    const mallory = { type: "IAMUser", arn: `arn:aws:iam::${ACCOUNT}:user/mallory`, accountId: ACCOUNT };
    const { records } = await record([
      roleTaken(1, mallory, `AWSCodeBuild-${BUILD}`, "ASIAMALLORY"),
      inSession(2, "ASIAMALLORY"),
    ]);
    expect(records.map(({ trace }) => trace)).toEqual([undefined, undefined]);
  });

  test("stay bounded for a commit that was delivered ten thousand times, and for links in a circle", async () => {
    const index = memoryEventIndex();
    const entry = (trace: string, links: string[]) => ({
      principal: "p",
      eventKey: `2026-11-24T10:00:00.000Z#${trace}`,
      action: "other" as const,
      operation: "o",
      trace,
      links,
    });
    const entries = Array.from({ length: 10_000 }, (_, i) => entry(`execution-${i}`, [`commit:${SHA}`]));
    await index.write({
      origin: "o",
      time: 0,
      from: 0,
      size: 1,
      entries: [...entries, entry(PULL, [PULL, `commit:${SHA}`])],
    });
    expect((await nodesBelow(PULL, NO_ENTRIES, index)).length).toBeLessThanOrEqual(64);
    expect(await nodesAbove("execution-1", NO_ENTRIES, index)).toEqual(["execution-1", `commit:${SHA}`, PULL]);
  });
});
