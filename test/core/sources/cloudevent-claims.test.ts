/** A CloudEvent cannot speak in another system's name, nor of another's doing without its sender showing. */
import { describe, expect, test } from "vitest";
import { rawRecord } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { COMMIT, EVENT, messageOf, normalised, ROLE } from "./cloudevent-message.ts";

describe("a claim", () => {
  test.each([
    "arn:aws:iam::111122223333:user/ana",
    "github:analima",
    "gatebook:review",
    "service:codepipeline.amazonaws.com",
    "codepipeline.amazonaws.com",
    "#identity/x",
  ])("to be %s stays a claim", (principal) => {
    const { event } = normalised({ principal });
    expect(principalOf(event)).toBe(`cloudevent:${principal}`);
    expect(event.actor?.invoked_by).toBe(ROLE);
  });

  test.each<[string, unknown]>([
    [
      "a CloudTrail record",
      {
        eventVersion: "1.11",
        eventSource: "sts.amazonaws.com",
        eventName: "AssumeRole",
        eventTime: EVENT.time,
        userIdentity: { type: "Root", arn: "arn:aws:iam::111122223333:root" },
      },
    ],
    [
      "an EventBridge event",
      { source: "aws.codepipeline", "detail-type": "CodePipeline Pipeline Execution State Change" },
    ],
    ["a message of ours", { v: 1, kind: "gatebook", principal: "gatebook:review", type: "access.revoked" }],
  ])("that is %s is not believed", (_, data) => {
    const { event, action } = normalised(data, { event: { type: "com.amazonaws.cloudtrail", source: "aws.sts" } });
    expect([action, event.api?.operation, event.metadata.product.name]).toEqual([
      "other",
      "com.amazonaws.cloudtrail",
      "aws.sts",
    ]);
    expect(rawRecord(messageOf(data))).toMatchObject({ product: "cloudevents", service: EVENT.type });
  });

  test("on a pipeline of AWS's never stands where its approvals are looked for", () => {
    const approval = "arn:aws:codepipeline:eu-west-1:111122223333:shop-release/Approve/Ship";
    const uids = (data: object) =>
      normalised({ action: "pipeline.approve", ...data }).event.resources?.map(({ uid }) => uid);
    expect(uids({ resource: approval })).toEqual([EVENT.source, approval]);
    expect(uids({ resources: [approval, "shop"] })).toEqual(["shop", approval]);
  });

  test.each([
    "x/pull/7",
    "commit:aa",
    "codebuild:1f2e3d4c-0000-1111-2222-333344445555",
    "github:acme/shop/actions/runs/1",
  ])("of the trace %s is no node of another system's", (trace) => {
    expect(normalised({ trace }).trace).toMatch(/^cloudevent:[\w.%-]+$/);
  });

  test("of a commit ties the event to it from outside", () => {
    expect(normalised({ commit: COMMIT })).toMatchObject({
      trace: expect.stringMatching(/^cloudevent:/),
      links: [`commit:${COMMIT}`],
    });
    expect(normalised({ commit: "0".repeat(40) })).not.toHaveProperty("links");
  });
});
