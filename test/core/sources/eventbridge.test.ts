/** EventBridge events of other services, and of nobody we know. */
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";

const BO = "arn:aws:iam::111122223333:user/bo";

const build = (status: string) => ({ "build-status": status, "project-name": "shop-build" });
const image = (type: string, result: string) => ({ "action-type": type, result, "repository-name": "shop" });
const pull = (event: string, more: object = {}) => ({ event, callerUserArn: BO, ...more });

describe("actions that a service's own events tell", () => {
  test.each([
    ["aws.codebuild", "CodeBuild Build State Change", build("IN_PROGRESS"), "build.start", 6002],
    ["aws.codebuild", "CodeBuild Build State Change", build("SUCCEEDED"), "other", 6002],
    ["aws.codebuild", "CodeBuild Build Phase Change", build("IN_PROGRESS"), "other", 6002],
    [
      "aws.codedeploy",
      "CodeDeploy Deployment State-change Notification",
      { state: "START", application: "shop" },
      "deploy.start",
      6002,
    ],
    [
      "aws.codedeploy",
      "CodeDeploy Instance State-change Notification",
      { state: "START", application: "shop" },
      "other",
      6002,
    ],
    ["aws.ecr", "ECR Image Action", image("PUSH", "SUCCESS"), "artifact.publish", 0],
    ["aws.ecr", "ECR Image Action", image("PUSH", "FAILURE"), "other", 0],
    ["aws.ecr", "ECR Image Action", image("DELETE", "SUCCESS"), "artifact.delete", 0],
    ["aws.codecommit", "CodeCommit Repository State Change", { event: "referenceUpdated" }, "source.push", 0],
    [
      "aws.codecommit",
      "CodeCommit Repository State Change",
      { event: "referenceUpdated", mergeOption: "SQUASH_MERGE" },
      "source.merge",
      0,
    ],
    [
      "aws.codecommit",
      "CodeCommit Pull Request State Change",
      pull("pullRequestApprovalStateChanged"),
      "source.review",
      0,
    ],
    [
      "aws.codecommit",
      "CodeCommit Pull Request State Change",
      pull("pullRequestApprovalRuleOverridden"),
      "pipeline.bypass",
      0,
    ],
    [
      "aws.codecommit",
      "CodeCommit Approval Rule Template Change",
      pull("approvalRuleTemplateDeleted"),
      "source.protect",
      0,
    ],
    ["aws.health", "AWS Health Event", { service: "EC2" }, "other", 0],
    ["com.acme.billing", "Invoice Sent", { number: 7 }, "other", 0],
  ])("%s %s %j is %s", (source, type, detail, action, classUid) => {
    const { event, ...rest } = normalised({ source, "detail-type": type, detail });
    expect([rest.action, event.class_uid, event.metadata.event_code]).toEqual([action, classUid, type]);
  });
});

test("the caller that AWS names is the principal", () => {
  const caller = { source: "aws.codecommit", detail: pull("pullRequestCreated") };
  expect(normalised(caller).event.actor?.user?.uid).toBe(BO);
});

test("the caller that anybody else names is not", () => {
  const { event, granted } = normalised({ source: "com.mallory", detail: pull("pullRequestCreated") });
  expect(event.actor?.user?.uid).toBe("service:com.mallory");
  expect(granted).toEqual({ by: "service" });
});

test("a partner's word is not AWS's, though its source begins alike", () => {
  const detail = { eventSource: "signin.amazonaws.com", eventName: "ConsoleLogin", eventTime: "2026-11-24T10:00:00Z" };
  const posing = { "detail-type": "AWS Console Sign In via CloudTrail", detail, resources: [] };
  expect(normalised({ ...posing, source: "aws.signin" }).action).toBe("access.sign-in");
  const { event, action } = normalised({ ...posing, source: "aws.partner/mallory.example/shop" });
  expect(action).toBe("other");
  expect(event.actor?.user?.uid).toBe("service:aws.partner/mallory.example/shop");
});

test("a name without proof is who invoked it, and never the principal", () => {
  const detail = { ...build("IN_PROGRESS"), "additional-information": { initiator: "codepipeline/shop-release" } };
  expect(
    normalised({ source: "aws.codebuild", "detail-type": "CodeBuild Build State Change", detail }).event.actor,
  ).toMatchObject({
    user: { uid: "service:codebuild.amazonaws.com" },
    invoked_by: "codepipeline/shop-release",
  });
});

test("resources that are no ARNs are left out, and the rest are told once", () => {
  const arn = "arn:aws:ecr:eu-west-1:111122223333:repository/shop";
  const event = { source: "aws.ecr", detail: image("PUSH", "SUCCESS"), resources: [arn, "shop", 7, null, arn] };
  expect(normalised({ ...event, "detail-type": "ECR Image Action" }).event.resources).toEqual([{ uid: arn }]);
});

test("an event without a detail is still recorded", () => {
  const { event } = normalised({ source: "aws.codebuild", detail: null, resources: null });
  expect(event).toMatchObject({ class_uid: 0, activity_id: 99, activity_name: "Other" });
});

function normalised(fields: object) {
  const event = {
    version: "0",
    id: "7bf73129-1428-4cd3-a780-95db273d1602",
    "detail-type": "Something New",
    account: "111122223333",
    time: "2026-11-24T10:00:00Z",
    region: "eu-west-1",
    resources: [],
  };
  return normalise(parseMessage(JSON.stringify({ ...event, ...fields })));
}
