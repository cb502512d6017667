/** GitHub webhooks: action, principal, resources and time of each fixture. */
import { expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { fixtureNames, gist, normalised } from "./fixtures.ts";
import { webhook } from "./shared-samples.ts";

const SHOP = "github:acme/shop";
const PULL = [SHOP, "github:acme/shop/pull/12"];
const ARRIVED = "2026-11-23T10:00:00.000Z";

type Expectation = readonly [action: string, classUid: number, who: string, resources: readonly string[], time: string];

const EXPECTED: Readonly<Record<string, Expectation>> = {
  "branch-protection-deleted": ["source.protect", 6003, "github:analima", [SHOP], ARRIVED],
  "branch-protection-edited": ["source.protect", 6003, "github:analima", [SHOP], "2026-11-24T09:30:00.000Z"],
  "deploy-key-created": ["credential.create", 6003, "github:analima", [SHOP], ARRIVED],
  "hook-deleted": ["audit.tamper", 6003, "github:analima", [SHOP], ARRIVED],
  "invented-next-year": ["other", 6003, "github:analima", [SHOP], ARRIVED],
  "member-added": ["access.grant", 3005, "github:analima", [SHOP], ARRIVED],
  "member-removed": ["access.revoke", 3005, "github:analima", [SHOP], ARRIVED],
  "pull-request-closed": ["other", 6003, "github:analima", PULL, "2026-11-24T09:59:00.000Z"],
  "pull-request-merged": ["source.merge", 6003, "github:bochen", PULL, "2026-11-24T09:58:00.000Z"],
  "pull-request-opened": ["other", 6003, "github:analima", PULL, "2026-11-24T09:40:00.000Z"],
  push: ["source.push", 6003, "github:analima", [SHOP, `${SHOP}@refs/heads/main`], "2026-11-24T09:40:00.000Z"],
  "push-by-app": [
    "source.push",
    6003,
    "github:acme-release[bot]",
    [SHOP, `${SHOP}@refs/tags/v7`],
    "2026-11-24T09:41:00.000Z",
  ],
  "review-approved": ["source.review", 6003, "github:bochen", PULL, "2026-11-24T09:50:00.000Z"],
  "review-dismissed": ["source.review", 6003, "github:analima", PULL, "2026-11-24T09:55:00.000Z"],
  "workflow-run-requested": ["pipeline.start", 6003, "github:analima", [SHOP], "2026-11-19T10:04:05.000Z"],
};

test("every fixture has an expectation", () => {
  expect(fixtureNames("github")).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))("%s", (name, [action, classUid, who, resources, time]) => {
  const seen = gist("github", name);
  expect([
    seen.action,
    seen.event.class_uid,
    seen.who,
    seen.resources,
    new Date(seen.event.time).toISOString(),
  ]).toEqual([action, classUid, who, resources, time]);
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
