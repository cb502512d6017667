/** The events of one delivery that a person starts, changes and approves, as messages of the intake queue. */
import { approveCall, startCall } from "../record/pipeline-calls.ts";
import { ACCOUNT, call, type Message, timeAt } from "../record/views.ts";

const COMMIT = "c0ffee0a4be24a6f9c5f6b1de0a7c1f2a3b4c5d6";

const toText = (message: Message): string => JSON.stringify(message);

export const start = (arn: string, execution = "E1", at = 0): string => toText(startCall(arn, execution, at));

export const approve = (arn: string, at = 60, more: Message = {}): string => toText(approveCall(arn, at, more));

export const push = (arn: string, at: number): string =>
  toText(
    call("codecommit:GitPush", at, arn, {
      additionalEventData: { repositoryName: "shop" },
      requestParameters: { references: [{ commit: COMMIT, ref: "refs/heads/main" }] },
    }),
  );

export const edit = (arn: string, at: number): string =>
  toText(call("codepipeline:UpdatePipeline", at, arn, { requestParameters: { pipeline: { name: "shop-release" } } }));

const action = (at: number, category: "Approval" | "Source", state: string, more: Message = {}): string =>
  toText({
    version: "0",
    id: crypto.randomUUID(),
    "detail-type": "CodePipeline Action Execution State Change",
    source: "aws.codepipeline",
    account: ACCOUNT,
    time: timeAt(at).replace(".000", ""),
    region: "eu-west-1",
    resources: [],
    detail: {
      pipeline: "shop-release",
      "execution-id": "E1",
      stage: category === "Approval" ? "Release" : category,
      action: category === "Approval" ? "Approve" : category,
      type: { category, owner: "AWS", provider: category === "Approval" ? "Manual" : "CodeCommit" },
      state,
      ...more,
    },
  });

export const asked = action(30, "Approval", "STARTED");
export const askedAtStaging = action(10, "Approval", "STARTED", { stage: "Staging" });
/** The execution takes the commit. */
export const took = action(2, "Source", "SUCCEEDED", { "execution-result": { "external-execution-id": COMMIT } });
