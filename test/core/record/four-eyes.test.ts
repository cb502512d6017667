/** Who held two roles of one delivery that are to be kept apart: its safeguards and the approver's own rights among them. */
import { describe, expect, test } from "vitest";
import type { DeliveryView } from "../../../lib/core/detections/record-view.ts";
import { severalRoles } from "../../../lib/core/record/several-roles.ts";
import { approveCall, startCall } from "./pipeline-calls.ts";
import { ACCOUNT, ANA, BO, call, type Message, organisation, viewsOf } from "./views.ts";

const COMMIT = "5f1c0d8a4be24a6f9c5f6b1de0a7c1f2a3b4c5d6";
const REPOSITORY = "shop";
const DAY = 24 * 60 * 60;

const start = startCall(BO);
const approve = (arn: string, more: Message = {}): Message => approveCall(arn, 60, more);
const bridge = (at: number, type: string, detail: Message): Message => {
  const { eventTime } = call("codepipeline:X", at, ANA);
  const more = { account: ACCOUNT, time: eventTime, region: "eu-west-1", resources: [] };
  return { version: "0", id: crypto.randomUUID(), "detail-type": type, source: "aws.codepipeline", ...more, detail };
};
const action = (at: number, category: string, state: string, more: Message = {}): Message =>
  bridge(at, "CodePipeline Action Execution State Change", {
    pipeline: "shop-release",
    "execution-id": "E1",
    stage: category === "Approval" ? "Release" : category,
    action: category === "Approval" ? "Approve" : category,
    type: { category, owner: "AWS", provider: category === "Approval" ? "Manual" : "Any" },
    state,
    ...more,
  });
const asked = action(30, "Approval", "STARTED");
const source = action(2, "Source", "SUCCEEDED", { "execution-result": { "external-execution-id": COMMIT } });
const push = call("codecommit:GitPush", -60, BO, {
  additionalEventData: { repositoryName: REPOSITORY },
  requestParameters: { references: [{ commit: COMMIT, ref: "refs/heads/main" }] },
});
const grant = (at: number, by: string, userName: string, more: Message = {}): Message =>
  call("iam:AttachUserPolicy", at, by, {
    requestParameters: { userName, policyArn: "arn:aws:iam::aws:policy/X" },
    ...more,
  });
const unprotect = (at: number, by: string, more: Message = {}): Message =>
  call("codecommit:DisassociateApprovalRuleTemplateFromRepository", at, by, {
    requestParameters: { repositoryName: REPOSITORY, approvalRuleTemplateName: "two" },
    ...more,
  });

/** Of the approval, which has to be the same in both ways of arriving. */
async function delivered(messages: readonly Message[]): Promise<DeliveryView | undefined> {
  const { together, oneByOne } = await viewsOf(messages, organisation());
  const isApproval = ({ metadata }: { metadata: { event_code: string } }): boolean =>
    metadata.event_code === "PutApprovalResult";
  const [one, other] = [oneByOne.find(isApproval)?.delivery, together.find(isApproval)?.delivery];
  expect(other).toEqual(one);
  return one;
}

describe("whoever changed the approver's rights", () => {
  test("is known by each identity of the approver", async () => {
    expect(await delivered([grant(-DAY, ANA, "bo"), start, asked, approve(BO)])).toMatchObject({
      granters: ["ana@acme.example"],
    });
  });

  test("is known where the approver acts by another identity than the one that got the right", async () => {
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Release_0123456789abcdef/bo@acme.example`;
    const identity = {
      type: "AssumedRole",
      arn,
      accountId: ACCOUNT,
      sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/x` } },
    };
    const delivery = await delivered([grant(-DAY, ANA, "bo"), start, asked, approve(BO, { userIdentity: identity })]);
    expect(delivery).toMatchObject({ approvers: ["bo@acme.example"], granters: ["ana@acme.example"] });
  });

  test("is known where the right is that of a role, the approver's session being nobody's", async () => {
    const given = call("iam:PutRolePolicy", -DAY, ANA, { requestParameters: { roleName: "release", policyName: "p" } });
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/release/somebody`;
    expect(await delivered([given, start, asked, approve(arn)])).toMatchObject({ granters: ["ana@acme.example"] });
  });

  test.each([
    ["somebody else's rights were changed", grant(-DAY, ANA, "dee")],
    ["the change was refused", grant(-DAY, ANA, "bo", { errorCode: "AccessDenied" })],
    ["it is eight days ago", grant(-8 * DAY, ANA, "bo")],
    ["a right was taken away", call("iam:DetachUserPolicy", -DAY, ANA, { requestParameters: { userName: "bo" } })],
    [
      "a service did it",
      grant(-DAY, ANA, "bo", { userIdentity: { type: "AWSService", invokedBy: "cloudformation.amazonaws.com" } }),
    ],
  ])("is nobody where %s", async (_, change) => {
    expect(await delivered([change, start, asked, approve(BO)])).toMatchObject({ granters: [] });
  });

  test("after the approval is nobody's concern", async () => {
    const { together } = await viewsOf([start, asked, approve(BO), grant(90, ANA, "bo")], organisation());
    expect(together.find(({ action: each }) => each === "pipeline.approve")?.delivery).toMatchObject({ granters: [] });
  });
});

describe("whoever changed how the source is protected", () => {
  test("is known by the repositories that the execution's commits were pushed to", async () => {
    const delivery = await delivered([unprotect(-DAY, ANA), push, start, source, asked, approve(ANA)]);
    expect(delivery).toMatchObject({ committers: ["bo@acme.example"], protectors: ["ana@acme.example"] });
  });

  test.each([
    ["the commits are another repository's", unprotect(-DAY, ANA, { requestParameters: { repositoryName: "till" } })],
    ["the change was refused", unprotect(-DAY, ANA, { errorCode: "AccessDenied" })],
    ["it is eight days ago", unprotect(-8 * DAY, ANA)],
  ])("is nobody where %s", async (_, change) => {
    const delivery = await delivered([change, push, start, source, asked, approve(ANA)]);
    expect(delivery).toMatchObject({ committers: ["bo@acme.example"], protectors: [] });
  });
});

describe("the sentence", () => {
  const NOBODY = { starters: [], approvers: [], committers: [], editors: [], protectors: [], granters: [] };
  const nameOf = (person: string): string => (person === "ana" ? "Ana Lima" : person);

  test("names a person with all of their roles, in the order in which things happen", () => {
    const all = { starters: ["ana"], approvers: ["ana"], committers: ["ana"], editors: ["ana"] };
    expect(severalRoles({ ...NOBODY, ...all }, nameOf)).toEqual([
      "Ana Lima wrote the change, last changed the pipeline, started it and approved it",
    ]);
  });

  test("is one for each person", () => {
    const held = { starters: ["ana"], committers: ["bo"], approvers: ["ana", "bo"] };
    expect(severalRoles({ ...NOBODY, ...held }, nameOf)).toEqual([
      "bo wrote the change and approved it",
      "Ana Lima started it and approved it",
    ]);
  });

  test.each([
    ["wrote and started it, and somebody else approved", { committers: ["ana"], starters: ["ana"], approvers: ["bo"] }],
    ["looks after all safeguards and has no other part", { editors: ["ana"], protectors: ["ana"], granters: ["ana"] }],
    ["approved alone", { approvers: ["ana"] }],
  ])("is none where one %s", (_, held) => {
    expect(severalRoles({ ...NOBODY, ...held }, nameOf)).toEqual([]);
  });

  test.each([
    [{ committers: ["ana"], editors: ["ana"] }, "Ana Lima wrote the change and last changed the pipeline"],
    [{ starters: ["ana"], granters: ["ana"] }, "Ana Lima changed the approver's rights and started it"],
    [{ approvers: ["ana"], protectors: ["ana"] }, "Ana Lima changed how its source is protected and approved it"],
  ])("is said of %j", (held, sentence) => {
    expect(severalRoles({ ...NOBODY, ...held }, nameOf)).toEqual([sentence]);
  });

  test("is part of what rules see", async () => {
    expect(await delivered([start, asked, approve(BO)])).toMatchObject({
      several_roles: ["Bo Chen started it and approved it"],
    });
    expect(await delivered([start, asked, approve(ANA)])).not.toHaveProperty("several_roles");
  });
});
