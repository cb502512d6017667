/** A session of a role is traced to the person who assumed it, in one batch and across batches, role after role. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";

const settings = {
  configuration: parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml"),
  rules: requireRules("rules/detections/approval-by-starter"),
};
const ANA = {
  type: "IAMUser",
  arn: "arn:aws:iam::111122223333:user/ana",
  userName: "ana",
  accessKeyId: "AKIAEXAMPLEANA000001",
};
const EXECUTION = "5d3f1d2e-7a55-4a3e-9d7d-000000000001";
let events = 0;

function sessionOf(role: string, accessKeyId: string) {
  return {
    type: "AssumedRole",
    arn: `arn:aws:sts::111122223333:assumed-role/${role}/whatever`,
    accessKeyId,
    sessionContext: { sessionIssuer: { type: "Role", arn: `arn:aws:iam::111122223333:role/${role}` } },
  };
}

function call(eventName: string, userIdentity: object, more: object = {}): object {
  events++;
  return {
    eventVersion: "1.11",
    eventID: crypto.randomUUID(),
    eventTime: new Date(Date.parse("2026-11-18T10:00:00Z") + events * 1_000).toISOString(),
    eventSource: eventName === "AssumeRole" ? "sts.amazonaws.com" : "codepipeline.amazonaws.com",
    eventName,
    awsRegion: "eu-west-1",
    recipientAccountId: "111122223333",
    userIdentity,
    ...more,
  };
}

function assume(role: string, by: object, accessKeyId: string): object {
  return call("AssumeRole", by, {
    requestParameters: { roleArn: `arn:aws:iam::111122223333:role/${role}`, roleSessionName: "whatever" },
    responseElements: { credentials: { accessKeyId, expiration: "Nov 18, 2026, 11:00:00 AM" } },
  });
}

const start = (by: object): object =>
  call("StartPipelineExecution", by, {
    requestParameters: { name: "shop-release" },
    responseElements: { pipelineExecutionId: EXECUTION },
  });

async function record(...batches: readonly (readonly object[])[]): Promise<AuditRecord[]> {
  const index = memoryEventIndex();
  const recordBatch = createRecorder({ settings, index });
  const records: AuditRecord[] = [];
  for (const [i, batch] of batches.entries()) {
    const { recorded } = await recordBatch(batch.map((event, n) => ({ id: String(n), body: JSON.stringify(event) })));
    expect(recorded).toHaveLength(batch.length);
    records.push(...recorded.map((each) => each.record));
    const entries = recorded.map(({ append }) => append.index);
    await index.write({ origin: "test", time: i, from: 0, size: i + 1, entries });
  }
  return records;
}

describe("the person behind a session", () => {
  const admin = sessionOf("Admin", "ASIAEXAMPLEADMIN0001");
  const deploy = sessionOf("Deploy", "ASIAEXAMPLEDEPLOY001");
  const story = () => [
    assume("Admin", ANA, "ASIAEXAMPLEADMIN0001"),
    assume("Deploy", admin, "ASIAEXAMPLEDEPLOY001"),
    start(deploy),
  ];

  test("is whoever assumed it, through one role or two, in one batch", async () => {
    expect((await record(story())).map(({ person }) => person)).toEqual(Array(3).fill("ana@acme.example"));
  });

  test("is the same when each event comes in a batch of its own", async () => {
    const records = await record(...story().map((event) => [event]));
    expect(records.map(({ person }) => person)).toEqual(Array(3).fill("ana@acme.example"));
  });

  test("is nobody for a session that nobody was seen to assume, or that was assumed by nobody known", async () => {
    const stranger = { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/stranger" };
    const records = await record([start(deploy)], [assume("Deploy", stranger, "ASIAEXAMPLEDEPLOY001"), start(deploy)]);
    expect(records.map(({ person }) => person)).toEqual([undefined, undefined, undefined]);
  });

  test("is not taken from a call that failed or that handed out other credentials", async () => {
    const denied = {
      ...assume("Deploy", ANA, "ASIAEXAMPLEDEPLOY001"),
      responseElements: null,
      errorCode: "AccessDenied",
    };
    const records = await record([denied, assume("Deploy", ANA, "ASIAEXAMPLEOTHER0001"), start(deploy)]);
    expect(records.at(-1)?.person).toBeUndefined();
  });

  test("makes a self-approval through a role a finding", async () => {
    const [requested] = [
      {
        version: "0",
        id: crypto.randomUUID(),
        "detail-type": "CodePipeline Action Execution State Change",
        source: "aws.codepipeline",
        account: "111122223333",
        time: "2026-11-18T10:30:00Z",
        region: "eu-west-1",
        resources: ["arn:aws:codepipeline:eu-west-1:111122223333:shop-release"],
        detail: {
          pipeline: "shop-release",
          "execution-id": EXECUTION,
          stage: "Approve",
          action: "ReleaseApproval",
          state: "STARTED",
          type: { owner: "AWS", provider: "Manual", category: "Approval", version: "1" },
        },
      },
    ];
    const approval = {
      ...call("PutApprovalResult", admin, {
        requestParameters: {
          pipelineName: "shop-release",
          stageName: "Approve",
          actionName: "ReleaseApproval",
          result: { status: "Approved", summary: "" },
        },
      }),
      eventTime: "2026-11-18T10:31:00Z",
    };
    const records = await record(
      [start(ANA), assume("Admin", ANA, "ASIAEXAMPLEADMIN0001")],
      [requested ?? {}, approval],
    );
    const findings = records.flatMap((each) => each.findings);
    expect(findings.map(({ rule, person, principal }) => [rule.title, person, principal])).toEqual([
      ["Pipeline execution approved by the person who started it", "ana@acme.example", admin.arn],
    ]);
  });
});
