/** Somebody who approves what they started is found, however they hide it and whatever comes late. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { createRecorder, type RecorderWorld } from "../../../lib/core/record/recorder.ts";

const ANA = "arn:aws:iam::111122223333:user/ana";
const BO = "arn:aws:iam::111122223333:user/bo";
const settings = {
  configuration: parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml"),
  rules: requireRules("rules/detections/approval-by-starter"),
};

type Event = Readonly<Record<string, unknown>>;

function call(eventName: string, second: number, arn: string, more: Event): Event {
  return {
    eventVersion: "1.11",
    eventID: crypto.randomUUID(),
    eventTime: timeAt(second),
    eventSource: "codepipeline.amazonaws.com",
    eventName,
    awsRegion: "eu-west-1",
    recipientAccountId: "111122223333",
    userIdentity: { type: arn.includes(":user/") ? "IAMUser" : "AssumedRole", arn, accountId: "111122223333" },
    ...more,
  };
}

const start = (second: number, arn: string, execution: string): Event =>
  call("StartPipelineExecution", second, arn, {
    requestParameters: { name: "shop-release" },
    responseElements: { pipelineExecutionId: execution },
  });

const approve = (second: number, arn: string, more: Event = {}): Event =>
  call("PutApprovalResult", second, arn, {
    requestParameters: {
      pipelineName: "shop-release",
      stageName: "Release",
      actionName: "Approve",
      result: { status: "Approved" },
    },
    ...more,
  });

const approval = (second: number, execution: string, state: "STARTED" | "SUCCEEDED"): Event => ({
  version: "0",
  id: crypto.randomUUID(),
  "detail-type": "CodePipeline Action Execution State Change",
  source: "aws.codepipeline",
  account: "111122223333",
  time: timeAt(second),
  region: "eu-west-1",
  resources: [],
  detail: {
    pipeline: "shop-release",
    "execution-id": execution,
    stage: "Release",
    action: "Approve",
    state,
    type: { category: "Approval", owner: "AWS", provider: "Manual" },
  },
});

function timeAt(second: number): string {
  return new Date(Date.UTC(2026, 10, 24, 10, 0, second)).toISOString();
}

/** Records batch after batch, as functions/record does, with an index in memory that counts what it is asked. */
async function record(...batches: readonly (readonly Event[])[]): Promise<{ findings: Finding[]; queries: number }> {
  const index = memoryEventIndex();
  let queries = 0;
  const counted: RecorderWorld["index"] = {
    holdersOf: (credentials) => index.holdersOf(credentials),
    byResource: (resource, range) => {
      queries += 1;
      return index.byResource(resource, range);
    },
    byTrace: (trace) => {
      queries += 1;
      return index.byTrace(trace);
    },
    linksOf: (trace) => {
      queries += 1;
      return index.linksOf(trace);
    },
    known: index.known,
  };
  const recordBatch = createRecorder({ settings, index: counted });
  const findings: Finding[] = [];
  for (const [size, batch] of batches.entries()) {
    const { recorded } = await recordBatch(batch.map((event, i) => ({ id: String(i), body: JSON.stringify(event) })));
    expect(recorded).toHaveLength(batch.length);
    findings.push(...recorded.flatMap(({ append }) => append.findings));
    await index.write({ origin: "o", time: 0, from: size, size, entries: recorded.map(({ append }) => append.index) });
  }
  return { findings, queries };
}

async function approversFound(...batches: readonly (readonly Event[])[]): Promise<string[]> {
  const { findings } = await record(...batches);
  return findings.map(({ principal }) => principal);
}

describe("an approval by the starter is found", () => {
  test("though the session is named like a service", async () => {
    const posing = "arn:aws:sts::111122223333:assumed-role/Developer/codepipeline.amazonaws.com";
    const events = [start(0, posing, "E1"), approval(1, "E1", "STARTED"), approve(9, posing)];
    expect(await approversFound([...events, approval(10, "E1", "SUCCEEDED")])).toEqual([posing]);
  });

  test("though a second call, which fails, follows before the pipeline tells anything", async () => {
    const failed = approve(10, BO, { errorCode: "ApprovalAlreadyCompletedException" });
    const batches = [[start(0, ANA, "E1")], [approve(9, ANA), failed], [approval(10, "E1", "SUCCEEDED")]];
    expect(await approversFound(...batches)).toEqual([ANA]);
  });

  const before = [
    start(0, BO, "E1"),
    approval(1, "E1", "STARTED"),
    approve(2, ANA),
    approval(2, "E1", "SUCCEEDED"),
    start(10, ANA, "E2"),
  ];
  test("though the request comes late and the call seems to be for the execution before", async () => {
    const late = [approval(12, "E2", "STARTED"), approval(20, "E2", "SUCCEEDED")];
    expect(await approversFound(before, [approve(20, ANA)], late)).toEqual([ANA]);
    expect(await approversFound(before, [approve(20, ANA)], late.slice(1))).toEqual([ANA]);
  });

  test("though the request is lost and the outcome comes before the call", async () => {
    expect(await approversFound(before, [approval(21, "E2", "SUCCEEDED")], [approve(20, ANA)])).toEqual([ANA]);
  });

  test("though the request is lost and the start is told last", async () => {
    const last = before.slice(-1);
    const batches = [before.slice(0, -1), [approve(20, ANA)], [approval(20, "E2", "SUCCEEDED")], last];
    expect(await approversFound(...batches)).toEqual([ANA]);
  });

  test("though a thousand other calls stand between start and approval", async () => {
    const retries = Array.from({ length: 1_200 }, () =>
      call("RetryStageExecution", 5, ANA, {
        requestParameters: { pipelineName: "shop-release", stageName: "Build", pipelineExecutionId: "E1" },
        errorCode: "StageNotRetryableException",
      }),
    );
    const started = [start(0, ANA, "E1"), approval(1, "E1", "STARTED")];
    expect(await approversFound(started, retries, [approve(9, ANA)])).toEqual([ANA]);
  });
});

describe("nobody is accused", () => {
  const first = [start(0, BO, "E1"), approval(1, "E1", "STARTED"), approve(2, ANA), approval(2, "E1", "SUCCEEDED")];

  test("of approving what a colleague approves, whose call is told last", async () => {
    const batches = [first, [start(10, ANA, "E2")], [approval(20, "E2", "SUCCEEDED")], [approve(20, BO)]];
    expect(await approversFound(...batches)).toEqual([]);
  });

  test("of it though the outcome of the execution before was lost", async () => {
    const second = [start(10, ANA, "E2"), approval(12, "E2", "STARTED"), approval(20, "E2", "SUCCEEDED")];
    expect(await approversFound(first.slice(0, 3), second, [approve(20, BO)])).toEqual([]);
  });
});

test("a thousand approvals in a batch are a few questions to the index", async () => {
  const calls = Array.from({ length: 1_000 }, () => approve(9, ANA, { errorCode: "InvalidApprovalTokenException" }));
  const { queries } = await record([start(0, BO, "E1"), approval(1, "E1", "STARTED")], calls);
  expect(queries).toBeLessThan(10);
});
