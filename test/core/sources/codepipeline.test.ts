/** CodePipeline's state changes: what each state means, and who and what it is about. */
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { fixtureBody, fixtureNames, gist, normalised } from "./fixtures.ts";

const EXECUTION = "3b1f0c52-6a0e-4d0b-9a55-0f6e6a3d9b10";
const PIPELINE = "arn:aws:codepipeline:eu-west-1:111122223333:shop-release";
const APPROVAL = [`${PIPELINE}/Approve/ReleaseApproval`, PIPELINE];
const SERVICE = "service:codepipeline.amazonaws.com";
const ANA = "arn:aws:iam::111122223333:user/ana";
const ANA_IN_ROLE = "arn:aws:sts::111122223333:assumed-role/release/ana";

const EXPECTED: Readonly<
  Record<string, readonly [action: string, activity: number, status: string, who: string, resources: readonly string[]]>
> = {
  "approval-failed": ["pipeline.reject", 99, "Failure", SERVICE, APPROVAL],
  "approval-started": ["other", 3, "STARTED", SERVICE, APPROVAL],
  "approval-succeeded": ["pipeline.approve", 99, "Success", SERVICE, APPROVAL],
  "build-started": ["build.start", 3, "STARTED", SERVICE, [PIPELINE]],
  china: ["pipeline.start", 3, "STARTED", SERVICE, ["arn:aws-cn:codepipeline:cn-north-1:111122223333:shop-release"]],
  "deploy-failed": ["other", 99, "Failure", SERVICE, [PIPELINE]],
  "deploy-started": ["deploy.start", 3, "STARTED", SERVICE, [PIPELINE]],
  "pipeline-canceled": ["pipeline.stop", 4, "CANCELED", SERVICE, [PIPELINE]],
  "pipeline-failed": ["other", 99, "Failure", SERVICE, [PIPELINE]],
  "pipeline-resumed": ["pipeline.retry", 5, "RESUMED", SERVICE, [PIPELINE]],
  "pipeline-started-by-push": ["pipeline.start", 3, "STARTED", SERVICE, [PIPELINE]],
  "pipeline-started-by-role": ["pipeline.start", 3, "STARTED", ANA_IN_ROLE, [PIPELINE]],
  "pipeline-started-by-user": ["pipeline.start", 3, "STARTED", ANA, [PIPELINE]],
  "pipeline-stopping": ["pipeline.stop", 4, "STOPPING", SERVICE, [PIPELINE]],
  "pipeline-superseded": ["other", 4, "SUPERSEDED", SERVICE, [PIPELINE]],
  "stage-succeeded": ["other", 99, "Success", SERVICE, [PIPELINE]],
};

test("every fixture has an expectation", () => {
  expect(fixtureNames("codepipeline")).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))("%s", (name, [action, activity, status, who, resources]) => {
  const seen = gist("codepipeline", name);
  expect([seen.action, seen.event.activity_id, seen.event.status, seen.who, seen.resources]).toEqual([
    action,
    activity,
    status,
    who,
    resources,
  ]);
  expect(seen.trace).toBe(EXECUTION);
  expect(seen.event.app).toEqual({ name: "shop-release", uid: resources.at(-1), vendor_name: "AWS" });
  expect(seen.event.class_uid).toBe(6002);
});

describe("how a pipeline's start was granted", () => {
  test("a session is an assumed role", () => {
    expect(normalised("codepipeline", "pipeline-started-by-role").granted).toEqual({
      by: "assumed-role",
      chain: ["ana"],
    });
  });

  test("a user may have used the console or a key: unknown", () => {
    expect(normalised("codepipeline", "pipeline-started-by-user").granted).toEqual({ by: "unknown" });
  });

  test("the root is the root", () => {
    const root = "arn:aws:iam::111122223333:root";
    const body = fixtureBody("codepipeline", "pipeline-started-by-user").replace(ANA, root);
    expect(normalise(parseMessage(body))).toMatchObject({
      granted: { by: "root" },
      event: { actor: { user: { uid: root } } },
    });
  });
});

test("an approver's own words never name the principal", () => {
  const { event } = normalised("codepipeline", "approval-succeeded");
  expect(fixtureBody("codepipeline", "approval-succeeded")).toContain("Approved by arn:aws:iam::111122223333:user/bo");
  expect(event.actor?.user?.uid).toBe(SERVICE);
});

test("an approval says in which stage, which action and which state it is", () => {
  expect(normalised("codepipeline", "approval-started").event).toMatchObject({
    metadata: { event_code: "CodePipeline Action Execution State Change" },
    unmapped: { state: "STARTED", stage: "Approve", action: "ReleaseApproval", category: "Approval" },
  });
});

test("an event of another source in CodePipeline's words is not CodePipeline's", () => {
  const body = fixtureBody("codepipeline", "approval-succeeded").replace('"aws.codepipeline"', '"com.mallory"');
  const { event, action, trace } = normalise(parseMessage(body));
  expect({ action, trace, who: event.actor?.user?.uid }).toEqual({
    action: "other",
    trace: undefined,
    who: "service:com.mallory",
  });
});
