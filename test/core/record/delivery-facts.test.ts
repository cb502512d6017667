/** What rules see of the way to an approval: who rejected, how long it took, who changed the pipeline meanwhile, who may release at all. */
import { describe, expect, test } from "vitest";
import { lastOf } from "./last-delivery.ts";
import { ACCOUNT, ANA, BO, call, DEE, type Message, organisation, timeAt, viewsOf } from "./views.ts";

const PIPELINE = "shop-release";
const AT_APPROVAL = { pipelineName: PIPELINE, stageName: "Release", actionName: "Approve" };

const start = (at: number, arn: string, execution = "E1"): Message =>
  call("codepipeline:StartPipelineExecution", at, arn, {
    requestParameters: { name: PIPELINE },
    responseElements: { pipelineExecutionId: execution },
  });
const decide = (at: number, arn: string, status = "Approved"): Message =>
  call("codepipeline:PutApprovalResult", at, arn, { requestParameters: { ...AT_APPROVAL, result: { status } } });
const edit = (at: number, arn: string, more: Message = {}): Message =>
  call("codepipeline:UpdatePipeline", at, arn, {
    requestParameters: { pipeline: { name: PIPELINE, version: at, stages: [] } },
    ...more,
  });
const approval = (at: number, state: string, execution = "E1"): Message => ({
  version: "0",
  id: crypto.randomUUID(),
  "detail-type": "CodePipeline Action Execution State Change",
  source: "aws.codepipeline",
  account: ACCOUNT,
  time: timeAt(at),
  region: "eu-west-1",
  resources: [],
  detail: {
    pipeline: PIPELINE,
    "execution-id": execution,
    stage: "Release",
    action: "Approve",
    state,
    type: { category: "Approval", owner: "AWS", provider: "Manual" },
  },
});

describe("how long an approval took", () => {
  test("is from the pipeline's request to the decision", async () => {
    expect(await lastOf([start(0, ANA), approval(5, "STARTED"), decide(9, BO)])).toMatchObject({ approval_seconds: 4 });
  });

  test("is none at all where the decision is as fast as the clock", async () => {
    expect(await lastOf([start(0, ANA), approval(5, "STARTED"), decide(5, BO)])).toMatchObject({ approval_seconds: 0 });
  });

  test("is of the last request, where the stage was tried again", async () => {
    const first = [start(0, ANA), approval(1, "STARTED"), decide(2, BO, "Rejected"), approval(3, "FAILED")];
    expect(await lastOf([...first, approval(20, "STARTED"), decide(50, BO)])).toMatchObject({ approval_seconds: 30 });
  });

  test("is not that of another execution of the pipeline", async () => {
    const first = [start(0, ANA, "E1"), approval(1, "STARTED", "E1"), decide(2, BO), approval(3, "SUCCEEDED", "E1")];
    const second = [start(10, ANA, "E2"), approval(11, "STARTED", "E2"), decide(40, BO)];
    expect(await lastOf([...first, ...second])).toMatchObject({ approval_seconds: 29 });
  });

  test("is not known where nobody told of the request", async () => {
    const { together, oneByOne } = await viewsOf([start(0, ANA), decide(9, BO), approval(10, "SUCCEEDED")]);
    const told = [...together, ...oneByOne].flatMap(({ delivery }) => delivery ?? []);
    expect(told.some(({ approvers }) => approvers.includes("bo@acme.example"))).toBe(true);
    expect(told.filter(({ approval_seconds: seconds }) => seconds !== undefined)).toEqual([]);
  });

  test("is known to the start, if that is told last", async () => {
    const { oneByOne } = await viewsOf([approval(5, "STARTED"), decide(9, BO), start(0, ANA)]);
    expect(oneByOne.at(-1)?.delivery).toMatchObject({ approval_seconds: 4, approvers: ["bo@acme.example"] });
  });
});

describe("who changed the pipeline", () => {
  const before = [edit(0, ANA), edit(1, DEE)];
  test("is whoever did so last before the decision", async () => {
    const delivery = await lastOf([...before, start(2, ANA), approval(3, "STARTED"), decide(9, BO)]);
    expect(delivery).toMatchObject({ editors: ["dee@acme.example"], edited_after_start: false });
  });

  test("after the start is told, be it by a service", async () => {
    const meanwhile = edit(4, ANA, { userIdentity: { type: "AWSService", invokedBy: "cloudformation.amazonaws.com" } });
    const delivery = await lastOf([...before, start(2, ANA), approval(3, "STARTED"), meanwhile, decide(9, BO)]);
    expect(delivery).toMatchObject({ editors: ["dee@acme.example"], edited_after_start: true });
  });

  test("is nobody, where the change was refused or is another pipeline's", async () => {
    const refused = edit(4, ANA, { errorCode: "AccessDenied" });
    const other = edit(5, ANA, { requestParameters: { pipeline: { name: "shop", version: 1, stages: [] } } });
    const delivery = await lastOf([start(2, ANA), approval(3, "STARTED"), refused, other, decide(9, BO)]);
    expect(delivery).toMatchObject({ editors: [], edited_after_start: false });
  });

  test("is not said to be nobody, where a thousand calls stand before it", async () => {
    const retries = Array.from({ length: 1_000 }, () =>
      call("codepipeline:RetryStageExecution", 6, ANA, {
        requestParameters: { pipelineName: PIPELINE },
        errorCode: "StageNotRetryableException",
      }),
    );
    const { oneByOne } = await viewsOf([
      start(2, ANA),
      approval(3, "STARTED"),
      edit(4, ANA),
      ...retries,
      decide(9, BO),
    ]);
    expect(oneByOne.at(-1)?.delivery).toMatchObject({ approvers: ["bo@acme.example"] });
    expect(oneByOne.at(-1)?.delivery).not.toHaveProperty("edited_after_start");
  });

  test("after the decision is not said of it", async () => {
    const { together } = await viewsOf([start(2, ANA), approval(3, "STARTED"), decide(9, BO), edit(10, ANA)]);
    const decision = together.find(({ action }) => action === "pipeline.approve");
    expect(decision?.delivery).toMatchObject({ editors: [], edited_after_start: false });
  });

  test("is also who made a webhook that starts it", async () => {
    const webhook = call("codepipeline:PutWebhook", 4, ANA, {
      requestParameters: { webhook: { name: "hook", targetPipeline: PIPELINE, targetAction: "Source" } },
      responseElements: { webhook: { arn: `arn:aws:codepipeline:eu-west-1:${ACCOUNT}:webhook:hook` } },
    });
    const delivery = await lastOf([start(2, DEE), approval(3, "STARTED"), webhook, decide(9, BO)]);
    expect(delivery).toMatchObject({ editors: ["ana@acme.example"], edited_after_start: true });
  });

  test("is not asked about before anybody has decided, nor by a call that failed", async () => {
    const failed = { ...decide(9, DEE), errorCode: "InvalidApprovalTokenException" };
    const { oneByOne } = await viewsOf([edit(1, ANA), start(2, DEE), approval(3, "STARTED"), failed]);
    const told = oneByOne.flatMap(({ delivery }) => delivery ?? []);
    expect(told).toHaveLength(2);
    for (const delivery of told) {
      expect(delivery).toMatchObject({ editors: [], approvers: [] });
      for (const fact of ["approval_seconds", "edited_after_start", "entitled"])
        expect(delivery).not.toHaveProperty(fact);
    }
  });

  test("is not said to be after a start that nobody told of", async () => {
    const delivery = await lastOf([edit(1, DEE), approval(3, "STARTED"), decide(9, BO)]);
    expect(delivery).toMatchObject({ editors: ["dee@acme.example"] });
    expect(delivery).not.toHaveProperty("edited_after_start");
  });
});

describe("who decided", () => {
  test("is told of a rejection as of an approval", async () => {
    const delivery = await lastOf([start(2, ANA), approval(3, "STARTED"), decide(9, DEE, "Rejected")]);
    expect(delivery).toMatchObject({ approvers: [], rejecters: ["dee@acme.example"] });
    expect(delivery).not.toHaveProperty("entitled");
  });

  test.each([
    ["a release manager", BO, true],
    ["a member of the team", DEE, false],
    ["nobody whom the configuration knows", `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/bo`, false],
  ])("is entitled as %s", async (_, arn, entitled) => {
    expect(await lastOf([start(2, ANA), approval(3, "STARTED"), decide(9, arn)])).toMatchObject({ entitled });
  });

  test("is not blamed for somebody who approved an earlier stage", async () => {
    const atTest = (message: Message): Message => JSON.parse(JSON.stringify(message).replaceAll("Release", "Test"));
    const tested = [approval(3, "STARTED"), decide(9, DEE), approval(10, "SUCCEEDED")].map(atTest);
    const { oneByOne } = await viewsOf([start(2, ANA), ...tested, approval(20, "STARTED"), decide(60, BO)]);
    const decisions = oneByOne.filter(({ person, action }) => person !== undefined && action === "pipeline.approve");
    expect(decisions.map(({ delivery }) => delivery?.entitled)).toEqual([false, true]);
    expect(decisions.map(({ delivery }) => delivery?.approvers)).toEqual([["dee@acme.example"], ["bo@acme.example"]]);
  });

  test("is judged with the start, where that is told last", async () => {
    const { oneByOne } = await viewsOf([
      decide(9, DEE),
      approval(3, "STARTED"),
      approval(10, "SUCCEEDED"),
      start(2, ANA),
    ]);
    expect(oneByOne.at(-1)?.delivery).toMatchObject({ approvers: ["dee@acme.example"], entitled: false });
  });

  test("is entitled by a team that has the role", async () => {
    const configuration = organisation(/release-manager: .*/, 'release-manager: ["team:shop"]');
    expect(await lastOf([start(2, ANA), approval(3, "STARTED"), decide(9, DEE)], configuration)).toMatchObject({
      entitled: true,
    });
  });

  describe("in an environment that names its own", () => {
    const arn = (stage: string): string => `"arn:aws:codepipeline:*:${ACCOUNT}:shop-release/${stage}/*"`;
    const own = (stage: string) =>
      organisation("      staging:\n", `      staging:\n        pipelines: [${arn(stage)}]\n`);
    const PIA = `arn:aws:iam::${ACCOUNT}:user/pia`;

    test("is entitled there, and neither elsewhere nor where the pipeline's account is", async () => {
      const messages = [start(2, ANA), approval(3, "STARTED"), decide(9, PIA)];
      expect(await lastOf(messages, own("Release"))).toMatchObject({ approvers: ["pia@acme.example"], entitled: true });
      expect(await lastOf(messages, own("Trial"))).toMatchObject({ entitled: false });
      expect(await lastOf(messages)).toMatchObject({ entitled: false });
    });

    test("is entitled to the start, which is of no stage, if that is told last", async () => {
      const last = [decide(9, PIA), approval(3, "STARTED"), approval(10, "SUCCEEDED"), start(2, ANA)];
      const { oneByOne } = await viewsOf(last, own("Release"));
      expect(oneByOne.at(-1)?.delivery).toMatchObject({ approvers: ["pia@acme.example"], entitled: true });
      // The approval itself is judged by where it was given.
      const elsewhere = await viewsOf(last, own("Trial"));
      expect(elsewhere.oneByOne.map(({ delivery }) => delivery?.entitled)).toContain(false);
    });
  });

  test("may be entitled or not, where the project names no release managers", async () => {
    const configuration = organisation(/ +release-manager: .*\n/, "");
    const delivery = await lastOf([start(2, ANA), approval(3, "STARTED"), decide(9, DEE)], configuration);
    expect(delivery).toMatchObject({ approvers: ["dee@acme.example"] });
    expect(delivery).not.toHaveProperty("entitled");
  });

  test("may be entitled or not, where no project has the pipeline or its account", async () => {
    const elsewhere = [start(2, ANA), approval(3, "STARTED"), decide(9, DEE)].map((message) =>
      JSON.parse(JSON.stringify(message).replaceAll(ACCOUNT, "999988887777")),
    );
    const delivery = await lastOf(elsewhere);
    expect(delivery).toMatchObject({ approvers: [`arn:aws:iam::999988887777:user/dee`] });
    expect(delivery).not.toHaveProperty("entitled");
  });
});
