/** An approval is bound to what was approved: edges that the examples of the rules do not show. */
import { describe, expect, test } from "vitest";
import type { RecordView } from "../../../lib/core/detections/record-view.ts";
import { ACCOUNT, ANA, BO, call, type Message, organisation, timeAt, viewsOf } from "./views.ts";

const PIPELINE = "shop-release";
const start = (at: number, id = "E1"): Message =>
  call("codepipeline:StartPipelineExecution", at, ANA, {
    requestParameters: { name: PIPELINE },
    responseElements: { pipelineExecutionId: id },
  });
const approve = (at: number): Message =>
  call("codepipeline:PutApprovalResult", at, BO, {
    requestParameters: {
      pipelineName: PIPELINE,
      stageName: "Release",
      actionName: "Approve",
      result: { status: "Approved" },
    },
  });
const edit = (at: number, name = PIPELINE, more: Message = {}): Message =>
  call("codepipeline:UpdatePipeline", at, ANA, {
    requestParameters: { pipeline: { name, version: at, stages: [] } },
    ...more,
  });
const told = (kind: string, at: number, state: string, detail: Message): Message => ({
  version: "0",
  id: crypto.randomUUID(),
  "detail-type": `CodePipeline ${kind} Execution State Change`,
  source: "aws.codepipeline",
  account: ACCOUNT,
  time: timeAt(at),
  region: "eu-west-1",
  resources: [],
  detail: { pipeline: PIPELINE, "execution-id": "E1", state, ...detail },
});
const execution = (at: number, state: string, id = "E1"): Message =>
  told("Pipeline", at, state, { "execution-id": id });
const approval = (at: number, state: string, id = "E1"): Message =>
  told("Action", at, state, {
    "execution-id": id,
    stage: "Release",
    action: "Approve",
    type: { category: "Approval", owner: "AWS", provider: "Manual" },
  });

/** Which events say that something was changed after it was approved, one by one. */
async function changesIn(messages: readonly Message[]): Promise<string[]> {
  const { together, oneByOne } = await viewsOf(messages, organisation());
  const said = (views: readonly RecordView[]): string[] =>
    views.flatMap(({ metadata, delivery }) =>
      delivery?.changed_after_approval === undefined ? [] : [metadata.event_code],
    );
  // Once at most, whichever way they come.
  expect(said(together).length).toBe(said(oneByOne).length);
  return said(oneByOne);
}

const APPROVED = [start(0), execution(1, "STARTED"), approval(5, "STARTED"), approve(60), approval(61, "SUCCEEDED")];

describe("a change of the definition", () => {
  test("is said of the delivery that was approved, and is part of its trace", async () => {
    const { oneByOne } = await viewsOf([...APPROVED, edit(70)], organisation());
    expect(oneByOne.at(-1)).toMatchObject({
      action: "pipeline.edit",
      trace: "E1",
      delivery: {
        starters: ["ana@acme.example"],
        approvers: ["bo@acme.example"],
        changed_after_approval: "definition",
      },
    });
  });

  test.each(["SUCCEEDED", "FAILED", "STOPPED", "SUPERSEDED"])("is not, once the execution has %s", async (state) => {
    expect(await changesIn([...APPROVED, execution(65, state), edit(70)])).toEqual([]);
  });

  test("is, once a failed execution is tried again", async () => {
    const again = [...APPROVED, execution(65, "FAILED"), execution(68, "RESUMED"), edit(70)];
    expect(await changesIn(again)).toEqual(["UpdatePipeline"]);
  });

  test("is not of another pipeline, nor one that was refused", async () => {
    const refused = edit(70, PIPELINE, { errorCode: "AccessDenied" });
    expect(await changesIn([...APPROVED, edit(70, "shop-nightly"), refused])).toEqual([]);
  });

  test("is not, a day later: what never told of its end is not under way for ever", async () => {
    expect(await changesIn([...APPROVED, edit(25 * 60 * 60)])).toEqual([]);
  });

  test("is said of the approved one, though another execution waits", async () => {
    const other = [start(62, "E2"), execution(63, "STARTED", "E2"), approval(64, "STARTED", "E2")];
    const { oneByOne } = await viewsOf([...APPROVED, ...other, edit(70)], organisation());
    expect(oneByOne.at(-1)).toMatchObject({ trace: "E1", delivery: { changed_after_approval: "definition" } });
  });

  test.each([
    ["by the call that gave it, after the change", [start(0), approval(5, "STARTED"), edit(70), approve(60)]],
    [
      "by the pipeline, and then by the call",
      [start(0), approval(5, "STARTED"), approval(61, "SUCCEEDED"), edit(70), approve(60)],
    ],
    [
      "by the call alone, and the pipeline later",
      [approve(60), edit(70), start(0), approval(5, "STARTED"), approval(61, "SUCCEEDED")],
    ],
  ])("is said once where the approval is told %s", async (_, messages) => {
    expect(await changesIn(messages)).toHaveLength(1);
  });
});

describe("a pull request of CodeCommit", () => {
  const change = (at: number, event: string, arn: string, more: Message = {}): Message => ({
    version: "0",
    id: crypto.randomUUID(),
    "detail-type": "CodeCommit Pull Request State Change",
    source: "aws.codecommit",
    account: ACCOUNT,
    time: timeAt(at),
    region: "eu-west-1",
    resources: [`arn:aws:codecommit:eu-west-1:${ACCOUNT}:shop`],
    detail: {
      event,
      pullRequestId: "227",
      repositoryNames: ["shop"],
      callerUserArn: arn,
      isMerged: "False",
      sourceCommit: "7f0103f2c0ffee00000000000000000000000001",
      ...more,
    },
  });
  const created = change(0, "pullRequestCreated", ANA);
  const reviewed = change(10, "pullRequestApprovalStateChanged", BO, { approvalStatus: "APPROVE" });
  const updated = change(20, "pullRequestSourceBranchUpdated", ANA);
  const merged = change(30, "pullRequestMergeStatusUpdated", BO, {
    isMerged: "True",
    mergeOption: "FAST_FORWARD_MERGE",
  });

  test("that got commits after its review says so when it is merged", async () => {
    const { together, oneByOne } = await viewsOf([created, reviewed, updated, merged], organisation());
    for (const views of [together, oneByOne]) {
      expect(views.map(({ delivery }) => delivery?.changed_after_review)).toEqual([
        undefined,
        undefined,
        undefined,
        true,
      ]);
    }
  });

  test("has an author who wrote what is delivered", async () => {
    const source = told("Action", 40, "SUCCEEDED", {
      stage: "Source",
      action: "Source",
      type: { category: "Source", owner: "AWS", provider: "CodeCommit" },
      "execution-result": { "external-execution-id": "7f0103f2c0ffee00000000000000000000000001" },
    });
    const { oneByOne } = await viewsOf(
      [created, reviewed, merged, source, approval(50, "STARTED"), approve(60)],
      organisation(),
    );
    expect(oneByOne.at(-1)?.delivery).toMatchObject({ committers: ["ana@acme.example"] });
  });
});

describe("the push that a merge makes", () => {
  const MERGE = "77aa0d8a4be24a6f9c5f6b1de0a7c1f2a3b4c5e9";
  const hook = (event: string, body: Message): Message => ({
    headers: { "X-GitHub-Event": event, "X-GitHub-Delivery": crypto.randomUUID() },
    body: { repository: { full_name: "acme/shop" }, sender: { login: "raeodum" }, ...body },
  });
  const merge = hook("pull_request", {
    action: "closed",
    pull_request: { number: 12, merged: true, merge_commit_sha: MERGE, updated_at: timeAt(0) },
  });
  const push = (at: number, login = "raeodum"): Message =>
    hook("push", {
      ref: "refs/heads/main",
      after: MERGE,
      repository: { full_name: "acme/shop", pushed_at: Date.parse(timeAt(at)) / 1000 },
      sender: { login },
    });
  const isByMerge = async (messages: readonly Message[]): Promise<boolean> => {
    const { oneByOne } = await viewsOf(messages, organisation());
    return oneByOne.at(-1)?.by_merge === true;
  };

  test("is the merge's, and no push of whoever merged", async () =>
    expect(await isByMerge([merge, push(1)])).toBe(true));

  test.each([
    ["somebody else's push of the commit", [merge, push(1, "deeokoye")]],
    ["the same person's push of it an hour later", [merge, push(3_600)]],
    ["a push before which nothing told of a merge", [push(1)]],
  ])("is not %s", async (_, messages) => expect(await isByMerge(messages)).toBe(false));
});
