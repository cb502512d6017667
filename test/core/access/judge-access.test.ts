/** The decision on a record, over the projects that it touches, and the finding of a denial. */
import { expect, test } from "vitest";
import type { AccessDecision } from "../../../lib/core/access/access-decision.ts";
import { accessControl, denialOf } from "../../../lib/core/access/judge-access.ts";
import { exampleAccess } from "./example-access.ts";
import { recordView } from "./record-views.ts";

const { configuration, policies, decide } = exampleAccess();
const { decideOn } = accessControl(configuration, async () => decide, policies);
const NOTHING_REPORTED: ReadonlySet<string> = new Set();

function denied(...ids: readonly string[]): AccessDecision {
  return { outcome: "deny", policies: ids, reason: "remy@acme.example may not do it: because", questions: [] };
}

test("an approval by a release manager is allowed, with what was asked beside the answer", async () => {
  const access = await decideOn(recordView());
  expect(access).toMatchObject({ outcome: "allow", policies: ["release-managers-release"] });
  expect(access.outcome === "allow" && access.questions).toHaveLength(1);
});

test("what no policy speaks about is not applicable, and why is said", async () => {
  expect(await decideOn(recordView({ action: "audit.read" }))).toEqual({
    outcome: "not-applicable",
    reason: "no policy speaks about audit.read",
  });
});

test("an account that two environments share is accessed rightly where one of them allows it", async () => {
  const shared = { person: "dee@acme.example", action: "deploy.change" as const };
  expect((await decideOn(recordView({ ...shared, environments: ["shop/production"] }))).outcome).toBe("deny");
  expect((await decideOn(recordView({ ...shared, environments: ["shop/production", "shop/staging"] }))).outcome).toBe(
    "allow",
  );
});

test("a denial is a finding that says who, what and why, by the policy that forbids it", () => {
  const finding = denialOf(recordView(), denied("nobody-approves-their-own"), policies, NOTHING_REPORTED);
  expect(finding).toMatchObject({
    rule: {
      id: "policy:nobody-approves-their-own",
      title: "Access against the policy: nobody approves what they wrote or started",
    },
    level: "high",
    person: "remy@acme.example",
    action: "pipeline.approve",
    why: "remy@acme.example may not do it: because.",
  });
  expect(finding?.next).toHaveLength(3);
});

test("what nothing allows is high in production and medium elsewhere", () => {
  expect(denialOf(recordView(), denied(), policies, NOTHING_REPORTED)).toMatchObject({
    level: "high",
    rule: { id: "policy:not-allowed" },
  });
  expect(denialOf(recordView({ production: false }), denied(), policies, NOTHING_REPORTED)?.level).toBe("medium");
});

test("what is allowed, what is not applicable and what a rule reports already is no finding", async () => {
  const view = recordView();
  expect(denialOf(view, await decideOn(view), policies, NOTHING_REPORTED)).toBeUndefined();
  expect(denialOf(view, { outcome: "not-applicable", reason: "" }, policies, NOTHING_REPORTED)).toBeUndefined();
  expect(denialOf(view, denied(), policies, new Set(["not-allowed"]))).toBeUndefined();
  const both = denied("nobody-approves-their-own", "leavers-have-no-access");
  expect(denialOf(view, both, policies, new Set(["nobody-approves-their-own"]))?.rule.id).toBe(
    "policy:leavers-have-no-access",
  );
  expect(
    denialOf(view, both, policies, new Set(["nobody-approves-their-own", "leavers-have-no-access"])),
  ).toBeUndefined();
});
