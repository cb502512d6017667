/** A role for a while counts while it lasts, where it was given, for whom it was given. */
import { expect, test } from "vitest";
import { accessControl, denialOf } from "../../../lib/core/access/judge-access.ts";
import type { RecordView } from "../../../lib/core/detections/record-view.ts";
import type { Grant } from "../../../lib/core/grants/grant.ts";
import { exampleGrant, TEN } from "../grants/example-grant.ts";
import { exampleAccess } from "./example-access.ts";
import { recordView } from "./record-views.ts";

const { configuration, policies, decide } = exampleAccess();
const HOUR_MS = 60 * 60 * 1000;
const ID = exampleGrant().id;
const DEE = { person: "dee@acme.example", time: TEN };

function decided(different: Partial<RecordView>, ...grants: readonly Grant[]) {
  const control = accessControl(
    configuration,
    async () => decide,
    policies,
    async () => grants,
  );
  return control.decideOn(recordView({ ...DEE, ...different }));
}

test("without a grant a developer does not approve; with one she does, and the evidence says by which", async () => {
  expect(await decided({})).toMatchObject({ outcome: "deny", policies: [] });
  const access = await decided({}, exampleGrant());
  expect(access).toMatchObject({
    outcome: "allow",
    policies: ["release-managers-release"],
    grant: ID,
    questions: [{ temporaryRoles: [{ role: "release-manager", grant: ID, until: TEN + HOUR_MS }] }],
  });
  expect(access.reason).toContain(`by ${ID}, which remy@acme.example approved`);
});

test("it counts from its approval on, and not at the moment when it ends", async () => {
  for (const [time, outcome] of [
    [TEN - 1, "deny"],
    [TEN, "allow"],
    [TEN + HOUR_MS - 1, "allow"],
    [TEN + HOUR_MS, "deny"],
  ] as const) {
    expect(await decided({ time }, exampleGrant())).toMatchObject({ outcome });
  }
});

test("what is taken back counts until then", async () => {
  const revoked = { person: "remy@acme.example", principal: "x", time: TEN + 1_000, reason: "done" };
  expect(await decided({ time: TEN + 999 }, exampleGrant({ revoked }))).toMatchObject({ outcome: "allow" });
  expect(await decided({ time: TEN + 1_000 }, exampleGrant({ revoked }))).toMatchObject({ outcome: "deny", grant: ID });
});

test("it is nobody else's, of no other place, and of no use as another role", async () => {
  const { approved: _, ...unanswered } = exampleGrant();
  for (const grant of [
    exampleGrant({ person: "sam@acme.example" }),
    exampleGrant({ place: { project: "shop", environment: "staging" } }),
    exampleGrant({ place: { project: "blog" } }),
    exampleGrant({ role: "reviewer" }),
    unanswered,
  ]) {
    expect(await decided({}, grant)).not.toHaveProperty("grant");
  }
  expect(await decided({}, exampleGrant({ place: { project: "shop" } }))).toMatchObject({ outcome: "allow" });
});

test("a role for a while asks for all that the role asks for, and helps against nothing that is forbidden", async () => {
  const { calendar } = recordView();
  expect(await decided({ calendar: { ...calendar, business_hours: false } }, exampleGrant())).toMatchObject({
    outcome: "deny",
    policies: [],
  });
  expect(await decided({ leaver: true }, exampleGrant())).toMatchObject({ policies: ["leavers-have-no-access"] });
});

test("what is allowed anyway is not asked about", async () => {
  const asked: number[] = [];
  const control = accessControl(
    configuration,
    async () => decide,
    policies,
    async (time) => {
      asked.push(time);
      return [];
    },
  );
  await control.decideOn(recordView());
  await control.decideOn(recordView({ action: "audit.read" }));
  expect(asked).toEqual([]);
  await control.decideOn(recordView(DEE));
  expect(asked).toEqual([TEN]);
});

test("an access after the end is a finding of its own, in the grant's trace", async () => {
  const view = recordView({ ...DEE, time: TEN + 2 * HOUR_MS });
  const access = await decided({ time: view.time }, exampleGrant());
  expect(denialOf(view, access, policies, new Set())).toMatchObject({
    rule: { id: "policy:grant-ended", title: "Access after a temporary role had ended" },
    level: "high",
    trace: ID,
    why: expect.stringContaining("until 2026-11-25T11:00:00.000Z, when grant:1795600800000-0a1b2c3d was over"),
  });
});

test("a day later it is an access like any other that nobody allows", async () => {
  const access = await decided({ time: TEN + 25 * HOUR_MS }, exampleGrant());
  expect(access).toMatchObject({ outcome: "deny" });
  expect(access).not.toHaveProperty("grant");
});
