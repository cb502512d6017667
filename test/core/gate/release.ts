/** A release as the sources tell it, and a gate that stands before production. */
import { readFileSync } from "node:fs";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import type { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import type { GateQuestion } from "../../../lib/core/gate/gate-question.ts";
import type { GateWorld } from "../../../lib/core/gate/gate-world.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { ORIGIN, signerOf, storedShard } from "./gate-log.ts";

const ACCOUNT = "111122223333";
export const EXECUTION = "5f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01";
export const PIPELINE = `arn:aws:codepipeline:eu-west-1:${ACCOUNT}:shop-release`;
export const SHA = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";
export const TO_PRODUCTION: GateQuestion = {
  project: "shop",
  environment: "production",
  trace: EXECUTION,
  asker: PIPELINE,
};
/** A quarter past ten of a Tuesday. */
export const NOW = Date.parse("2026-11-24T10:15:00Z");

export type Message = Readonly<Record<string, unknown>>;

/** gatebook.yml of the repository with Bo alone as release manager, and with what a test adds. */
export function organisation(more = "", change: (text: string) => string = (text) => text): Configuration {
  const text = readFileSync("gatebook.yml", "utf8").replace(
    /release-manager: .*/,
    "release-manager: [bo@acme.example]",
  );
  return parseConfiguration(`${change(text)}\n${more}`, "gatebook.yml");
}

const timeAt = (second: number): string => new Date(Date.parse("2026-11-24T10:00:00Z") + second * 1000).toISOString();

function call(eventName: string, second: number, user: string, mfa: boolean | undefined, more: Message): Message {
  const attributes = mfa === undefined ? {} : { attributes: { mfaAuthenticated: String(mfa) } };
  return {
    eventVersion: "1.11",
    eventID: crypto.randomUUID(),
    eventTime: timeAt(second),
    eventSource: "codepipeline.amazonaws.com",
    eventName,
    awsRegion: "eu-west-1",
    recipientAccountId: ACCOUNT,
    userIdentity: {
      type: "IAMUser",
      arn: `arn:aws:iam::${ACCOUNT}:user/${user}`,
      accountId: ACCOUNT,
      sessionContext: attributes,
    },
    ...more,
  };
}

function action(second: number, category: string, state: string, more: Message = {}): Message {
  const type = { category, owner: "AWS", provider: "Any" };
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
      type,
      ...more,
    },
  };
}

export function gitHub(event: string, second: number, payload: Message): Message {
  const body = Buffer.from(JSON.stringify({ repository: { full_name: "acme/shop" }, ...payload })).toString("base64");
  const headers = { "x-github-event": event, "x-github-delivery": crypto.randomUUID() };
  return { v: 1, kind: "webhook", source: "github", receivedAt: Date.parse(timeAt(second)), headers, body };
}

export const pushed = (login: string): Message =>
  gitHub("push", 0, { ref: "refs/heads/main", after: SHA, sender: { login } });
export const started = (user: string, mfa: boolean | undefined = true): Message =>
  call("StartPipelineExecution", 10, user, mfa, {
    requestParameters: { name: "shop-release" },
    responseElements: { pipelineExecutionId: EXECUTION },
  });
export const approved = (user: string, mfa: boolean | undefined = true): Message =>
  call("PutApprovalResult", 40, user, mfa, {
    requestParameters: {
      pipelineName: "shop-release",
      stageName: "Approval",
      actionName: "Approve",
      result: { status: "Approved" },
    },
  });
export const edited = (user: string): Message =>
  call("UpdatePipeline", 5, user, true, {
    requestParameters: { pipeline: { name: "shop-release", version: 2, stages: [] } },
  });
const sourceTaken = action(20, "Source", "SUCCEEDED", { "execution-result": { "external-execution-id": SHA } });
const approvalAsked = action(30, "Approval", "STARTED");
const approvalGiven = action(41, "Approval", "SUCCEEDED");

/** Ana pushes and starts, Bo approves, both with MFA. */
export function release(
  change: { readonly [part in "push" | "start" | "approve"]?: Message | undefined } = {},
): Message[] {
  const parts = { push: pushed("analima"), start: started("ana"), approve: approved("bo"), ...change };
  return [parts.push, parts.start, sourceTaken, approvalAsked, parts.approve, approvalGiven].filter(
    (message) => message !== undefined,
  );
}

export interface GateTest extends GateWorld {
  /** What went into the intake queue. */
  readonly sent: readonly Message[];
  /** Records more, as functions/record does. */
  readonly tell: (messages: readonly Message[]) => Promise<readonly AuditRecord[]>;
}

/** What was told one batch after another is recorded, and the evidence log is in order. */
export async function gateAfter(messages: readonly Message[], more: Partial<GateWorld> = {}): Promise<GateTest> {
  const configuration = more.configuration ?? organisation();
  const index = memoryEventIndex();
  const record = createRecorder({ settings: { configuration, rules: NO_RULES }, index });
  const written: Uint8Array[] = [];
  const sent: Message[] = [];
  const tell: GateTest["tell"] = async (told) => {
    const bodies = told.map((message, i) => ({ id: String(i), body: JSON.stringify(message) }));
    const { recorded, rejected } = await record(bodies);
    if (rejected.length > 0) throw new Error(rejected.map(({ reason }) => reason).join("\n"));
    const [from, size] = [written.length, written.length + recorded.length];
    written.push(...recorded.map(({ append }) => append.bytes));
    await index.write({ origin: ORIGIN, time: 0, from, size, entries: recorded.map(({ append }) => append.index) });
    return recorded.map((each) => each.record);
  };
  await tell(messages);
  let ids = 0;
  return {
    configuration,
    index,
    evidence: async () => [await storedShard(written, { updated: NOW })],
    verifierKey: async () => signerOf(0).key,
    grants: async () => [],
    intake: {
      async send(bodies) {
        sent.push(...bodies.map((body) => JSON.parse(body)));
        return bodies.map(String);
      },
    },
    within: (work) => work,
    now: () => NOW,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    ...more,
    sent,
    tell,
  };
}
