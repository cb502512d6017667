/** CodeCommit's pushes, pull requests, comments and approval rules. */
import { expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { ANA, arn, BO, iam, sts, testFixtures } from "./expectations.ts";
import { fixtureBody, normalised } from "./fixtures.ts";

const SERVICE = "service:codecommit.amazonaws.com";
const REVIEWER = sts("assumed-role/reviewer/bo");
const ROOT = iam("root");
const REPOSITORY = [arn("codecommit", "shop")];

testFixtures("codecommit", {
  "approval-rule-created": ["source.protect", 99, ANA, REPOSITORY, { by: "unknown" }, ""],
  "approval-rule-deleted": ["source.protect", 99, ANA, REPOSITORY, { by: "unknown" }, ""],
  "approval-rule-updated": ["source.protect", 99, ANA, REPOSITORY, { by: "unknown" }, ""],
  "approval-rules-overridden": ["pipeline.bypass", 99, ANA, REPOSITORY, { by: "unknown" }, ""],
  "branch-created": ["source.push", 99, SERVICE, REPOSITORY, { by: "service" }, ""],
  "branch-deleted": ["source.push", 99, SERVICE, REPOSITORY, { by: "service" }, ""],
  "comment-on-commit": ["other", 99, REVIEWER, REPOSITORY, { by: "assumed-role", chain: ["bo"] }, ""],
  "comment-on-pull-request": [
    "other",
    99,
    sts("federated-user/guest"),
    REPOSITORY,
    { by: "federation", subject: "guest" },
    "",
  ],
  "comment-reaction": ["other", 99, BO, REPOSITORY, { by: "unknown" }, ""],
  merge: ["source.merge", 99, SERVICE, REPOSITORY, { by: "service" }, ""],
  "override-revoked": ["source.protect", 99, BO, REPOSITORY, { by: "unknown" }, ""],
  "pull-request-approval-revoked": [
    "source.review",
    99,
    REVIEWER,
    REPOSITORY,
    { by: "assumed-role", chain: ["bo"] },
    "",
  ],
  "pull-request-approved": ["source.review", 99, REVIEWER, REPOSITORY, { by: "assumed-role", chain: ["bo"] }, ""],
  "pull-request-closed": ["other", 99, ANA, REPOSITORY, { by: "unknown" }, ""],
  "pull-request-created": ["other", 99, ANA, REPOSITORY, { by: "unknown" }, ""],
  "pull-request-merged": ["source.merge", 99, REVIEWER, REPOSITORY, { by: "assumed-role", chain: ["bo"] }, ""],
  "pull-request-updated": ["other", 99, ANA, REPOSITORY, { by: "unknown" }, ""],
  push: ["source.push", 99, SERVICE, REPOSITORY, { by: "service" }, ""],
  "template-associated": ["source.protect", 99, ROOT, REPOSITORY, { by: "root" }, ""],
  "template-created": ["source.protect", 99, ROOT, [], { by: "root" }, ""],
  "template-deleted": ["source.protect", 99, ROOT, [], { by: "root" }, ""],
  "template-disassociated": ["source.protect", 99, ROOT, REPOSITORY, { by: "root" }, ""],
  "templates-disassociated": ["source.protect", 99, ROOT, REPOSITORY, { by: "root" }, ""],
  "unreferenced-merge-commit": ["other", 99, SERVICE, REPOSITORY, { by: "service" }, ""],
});

test("a pull request tells its branch, its revision and whose it is", () => {
  expect(normalised("codecommit", "pull-request-approved").event.unmapped).toMatchObject({
    reference: "refs/heads/main",
    pull_request: "227",
    pull_request_author: ANA,
    approval_status: "APPROVE",
  });
});

test("a caller that is nobody's ARN is not believed", () => {
  const body = fixtureBody("codecommit", "pull-request-created").replaceAll(ANA, "arn:aws:s3:::ana");
  expect(normalise(parseMessage(body)).event.actor?.user?.uid).toBe(SERVICE);
});
