/** GitHub webhooks: action and status, class, principal, resources and time of each fixture. */
import { expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { fixtureNames, gist, normalised } from "./fixtures.ts";
import { webhook } from "./shared-samples.ts";

const SHOP = "github:acme/shop";
const PRODUCTION = `${SHOP}/environments/production`;
const ACME = "github:acme";
const MANAGERS = `${ACME}/teams/release-managers`;
const PULL = [SHOP, "github:acme/shop/pull/12"];
const ARRIVED = "2026-11-23T10:00:00.000Z";

type Expectation = readonly [what: string, classUid: number, who: string, resources: readonly string[], time: string];

const EXPECTED: Readonly<Record<string, Expectation>> = {
  "branch-protection-deleted": ["source.protect Success", 6003, "github:analima", [SHOP], ARRIVED],
  "branch-protection-edited": ["source.protect Success", 6003, "github:analima", [SHOP], "2026-11-24T09:30:00.000Z"],
  "bypass-request-completed": ["pipeline.bypass Success", 6003, "github:dee-contractor", [SHOP], ARRIVED],
  "check-run-again": ["pipeline.retry Running", 6003, "github:analima", [SHOP], ARRIVED],
  "deploy-key-created": [
    "credential.create Success",
    6003,
    "github:analima",
    [SHOP, `${SHOP}/keys/1001`],
    "2026-11-24T09:31:00.000Z",
  ],
  "deployment-approved": ["pipeline.approve Success", 6003, "github:bochen", [SHOP, PRODUCTION], ARRIVED],
  "deployment-created": [
    "deploy.start Success",
    6003,
    "github:analima",
    [SHOP, PRODUCTION],
    "2026-11-24T10:05:00.000Z",
  ],
  "deployment-status-failed": ["other Failure", 6003, "github:analima", [SHOP, PRODUCTION], "2026-11-24T10:06:00.000Z"],
  fork: ["other Success", 6003, "github:dee-contractor", [SHOP], ARRIVED],
  "hook-deleted": ["audit.tamper Success", 6003, "github:analima", [SHOP], ARRIVED],
  "installation-created": ["access.grant Success", 3005, "github:analima", [ACME, SHOP], "2026-11-24T09:41:00.000Z"],
  "invented-next-year": ["other Success", 6003, "github:analima", [SHOP], ARRIVED],
  "member-added": ["access.grant Success", 3005, "github:analima", [SHOP], ARRIVED],
  "member-removed": ["access.revoke Success", 3005, "github:analima", [SHOP], ARRIVED],
  "membership-added": ["access.grant Success", 3005, "github:analima", [ACME, MANAGERS], ARRIVED],
  "organization-member-added": ["access.grant Success", 3005, "github:analima", [ACME], ARRIVED],
  "organization-member-invited": ["access.grant Success", 3005, "github:analima", [ACME], ARRIVED],
  "package-published": [
    "artifact.publish Success",
    6003,
    "github:acme-release[bot]",
    [SHOP, `${SHOP}/packages/container/shop`],
    ARRIVED,
  ],
  "pull-request-closed": ["other Success", 6003, "github:analima", PULL, "2026-11-24T09:59:00.000Z"],
  "pull-request-merged": ["source.merge Success", 6003, "github:bochen", PULL, "2026-11-24T09:58:00.000Z"],
  "pull-request-opened": ["other Success", 6003, "github:analima", PULL, "2026-11-24T09:40:00.000Z"],
  push: ["source.push Success", 6003, "github:analima", [SHOP, `${SHOP}@refs/heads/main`], "2026-11-24T09:40:00.000Z"],
  "push-branch-deleted": [
    "source.push Success",
    6003,
    "github:analima",
    [SHOP, `${SHOP}@refs/heads/half-even`],
    ARRIVED,
  ],
  "push-by-app": [
    "source.push Success",
    6003,
    "github:acme-release[bot]",
    [SHOP, `${SHOP}@refs/tags/v7`],
    "2026-11-24T09:41:00.000Z",
  ],
  "push-forced": ["source.push Success", 6003, "github:analima", [SHOP, `${SHOP}@refs/heads/main`], ARRIVED],
  "release-published": [
    "artifact.publish Success",
    6003,
    "github:analima",
    [SHOP, `${SHOP}@refs/tags/v8`],
    "2026-11-24T10:10:00.000Z",
  ],
  "repository-publicized": ["source.admin Success", 6003, "github:analima", [SHOP], ARRIVED],
  "review-approved": ["source.review Success", 6003, "github:bochen", PULL, "2026-11-24T09:50:00.000Z"],
  "review-commented": ["other Success", 6003, "github:analima", PULL, "2026-11-24T09:45:00.000Z"],
  "review-dismissed": ["source.review Success", 6003, "github:analima", PULL, "2026-11-24T09:55:00.000Z"],
  "ruleset-edited": ["source.protect Success", 6003, "github:analima", [SHOP], ARRIVED],
  "secret-past-push-protection": ["pipeline.bypass Success", 6003, "github:bochen", [SHOP], "2026-11-24T09:19:00.000Z"],
  "security-analysis-changed": ["source.protect Success", 6003, "github:analima", [SHOP], ARRIVED],
  "status-failed": ["other Failure", 6003, "github:acme-ci[bot]", [SHOP], "2026-11-24T10:03:00.000Z"],
  "tag-created": ["source.push Success", 6003, "github:analima", [SHOP, `${SHOP}@refs/tags/v8`], ARRIVED],
  "team-added-to-repository": ["access.grant Success", 3006, "github:analima", [SHOP, MANAGERS], ARRIVED],
  "team-created": ["identity.create Success", 3006, "github:analima", [ACME, MANAGERS], ARRIVED],
  "token-request-approved": ["credential.create Success", 3005, "github:analima", [ACME], ARRIVED],
  "workflow-job-in-progress": ["build.start Running", 6003, "github:analima", [SHOP], "2026-11-24T10:04:09.000Z"],
  "workflow-run-again": ["pipeline.retry Running", 6003, "github:bochen", [SHOP], "2026-11-24T10:04:05.000Z"],
  "workflow-run-canceled": ["pipeline.stop Success", 6003, "service:github.com", [SHOP], "2026-11-24T10:04:05.000Z"],
  "workflow-run-failed": ["other Failure", 6003, "github:analima", [SHOP], "2026-11-24T10:04:05.000Z"],
  "workflow-run-requested": ["pipeline.start Running", 6003, "github:analima", [SHOP], "2026-11-19T10:04:05.000Z"],
};

test("every fixture has an expectation", () => {
  expect(fixtureNames("github")).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))("%s", (name, [what, classUid, who, resources, time]) => {
  const seen = gist("github", name);
  expect([
    `${seen.action} ${seen.event.status}`,
    seen.event.class_uid,
    seen.who,
    seen.resources,
    new Date(seen.event.time).toISOString(),
  ]).toEqual([what, classUid, who, resources, time]);
  expect(seen.event.src_endpoint).toEqual({ svc_name: "github" });
  expect(seen.by).toBe("token");
});

test("an app is named by its installation", () => {
  expect(normalised("github", "push-by-app").granted).toEqual({
    by: "token",
    credential: "github-app-installation:770001",
  });
});

test("a workflow's run ties its events together", () => {
  expect(normalised("github", "workflow-run-requested").trace).toBe("github:acme/shop/actions/runs/9001");
});

test("a new collaborator is named with what they may do", () => {
  expect(normalised("github", "member-added").event).toMatchObject({
    activity_id: 1,
    user: { uid: "github:dee-contractor" },
    privileges: ["maintain"],
  });
  expect(normalised("github", "member-removed").event).toMatchObject({ activity_id: 2, privileges: ["collaborator"] });
});

test("a commit's own time is never believed", () => {
  const body = { ref: "refs/heads/main", head_commit: { timestamp: "1999-12-31T23:59:59Z" }, sender: { login: "ana" } };
  const { event } = normalise(parseMessage(webhook({ "x-github-event": "push" }, JSON.stringify(body))));
  expect(new Date(event.time).toISOString()).toBe(ARRIVED);
});

test("a form carries the same payload as JSON does", () => {
  const form = new URLSearchParams({ payload: JSON.stringify({ sender: { login: "ana" } }) }).toString();
  const headers = { "x-github-event": "push", "content-type": "application/x-www-form-urlencoded" };
  expect(normalise(parseMessage(webhook(headers, form))).event.actor?.user?.uid).toBe("github:ana");
});

test("without a delivery's id the same bytes are the same event", () => {
  const uid = (body: string) => normalise(parseMessage(webhook({ "x-github-event": "push" }, body))).event.metadata.uid;
  expect(uid('{"ref":"a"}')).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(uid('{"ref":"a"}')).toBe(uid('{"ref":"a"}'));
  expect(uid('{"ref":"a"}')).not.toBe(uid('{"ref":"b"}'));
});
