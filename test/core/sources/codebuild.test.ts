/** CodeBuild's builds and phases: what each means, and who started it. */
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { ANA, arn, testFixtures } from "./expectations.ts";
import { fixtureBody, normalised } from "./fixtures.ts";

const SERVICE = "service:codebuild.amazonaws.com";
const BUILD = [
  arn("codebuild", "project/shop-build"),
  arn("codebuild", "build/shop-build:8745a7a9-c340-456a-9166-edf953571bee"),
];

testFixtures("codebuild", {
  failed: ["other", 600299, SERVICE, BUILD, { by: "service" }, "Failure"],
  "phase-completed": ["other", 600299, SERVICE, BUILD, { by: "service" }, ""],
  "phase-failed": ["other", 600299, SERVICE, BUILD, { by: "service" }, "Failure"],
  "phase-succeeded": ["other", 600299, SERVICE, BUILD, { by: "service" }, "Success"],
  "started-by-jenkins": ["build.start", 600203, SERVICE, BUILD, { by: "service" }, "IN_PROGRESS"],
  "started-by-pipeline": ["build.start", 600203, SERVICE, BUILD, { by: "service" }, "IN_PROGRESS"],
  "started-by-role-session": ["build.start", 600203, SERVICE, BUILD, { by: "service" }, "IN_PROGRESS"],
  "started-by-user": ["build.start", 600203, ANA, BUILD, { by: "unknown" }, "IN_PROGRESS"],
  stopped: ["other", 600204, SERVICE, BUILD, { by: "service" }, "STOPPED"],
  succeeded: ["other", 600299, SERVICE, BUILD, { by: "service" }, "Success"],
});

describe("who started a build", () => {
  test.each([
    "codepipeline/shop-release",
    "rule/nightly",
    "GitHub-Hookshot/eb8755c",
    "CodeBuild-Jenkins-Plugin",
    "111122223333",
    "root",
    "a name with spaces",
    "x".repeat(65),
    "",
  ])("%j is not taken for a user", (initiator) => {
    expect(startedBy(initiator).event.actor?.user?.uid).toBe(SERVICE);
  });

  test("a user's name is, and how they were let in is not told", () => {
    expect(startedBy("ana")).toMatchObject({
      granted: { by: "unknown" },
      event: { actor: { user: { uid: ANA, name: "ana", type: "IAMUser" }, invoked_by: "ana" } },
    });
  });

  function startedBy(initiator: string) {
    const event = JSON.parse(fixtureBody("codebuild", "started-by-user"));
    event.detail["additional-information"].initiator = initiator;
    return normalise(parseMessage(JSON.stringify(event)));
  }
});

test("environment variables stay out of the event", () => {
  expect(JSON.stringify(normalised("codebuild", "succeeded"))).not.toContain("STAGE");
});

test("what a build wrote and how much it was allowed are told", () => {
  expect(normalised("codebuild", "succeeded").event.unmapped).toEqual({
    build: BUILD[1],
    source_version: "arn:aws:s3:::acme-shop-artifacts/shop/SourceOutp/abc1234",
    artifact_sha256: "6ccc2ae1df9d155ba83c597051611c42d60e09c6329dcb14a312cecc0a8e39ab",
    artifact_location: "arn:aws:s3:::acme-shop-artifacts/shop/BuildOutpu/xyz9876",
    privileged_mode: true,
  });
});
