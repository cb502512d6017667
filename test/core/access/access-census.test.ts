/** The recorded past is counted: what no policy speaks about, what was allowed and how often, and what nobody used. */
import { expect, test } from "vitest";
import { createAccessCensus, unusedPermissions } from "../../../lib/core/access/access-census.ts";
import type { AccessQuestion } from "../../../lib/core/access/access-question.ts";
import { permissionsOf } from "../../../lib/core/access/permissions.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { askedOnce, question } from "./asked-before.ts";
import { exampleAccess } from "./example-access.ts";
import { recordView } from "./record-views.ts";

const { configuration, policies, decide } = exampleAccess();
const NOON = Date.parse("2026-11-25T12:00:00Z");

function record(access: AuditRecord["access"], time = NOON, person: string | null = "dee@acme.example"): AuditRecord {
  const { action, granted, person: _, ...event } = recordView();
  const who = person === null ? {} : { person };
  return { v: 1, event: { ...event, time }, action, granted, ...who, components: [], access, findings: [] };
}
const allowed = (...questions: AccessQuestion[]): AuditRecord =>
  record({ outcome: "allow", policies: [], reason: "", questions });
const noPolicy = (reason: string): AuditRecord["access"] => ({ outcome: "not-applicable", reason });

test("what was allowed is kept once with its number, and what was denied is counted alone", () => {
  const census = createAccessCensus(policies);
  const push = question("dee", "source.push", "shop");
  for (let i = 0; i < 3; i++) census.add(allowed(push));
  census.add(allowed(question("dee", "source.push", "shop", { businessHours: false })));
  census.add(record({ outcome: "deny", policies: [], reason: "", questions: [push] }));
  expect(census.allowed().map(({ times }) => times)).toEqual([3, 1]);
  expect(census.counts()).toEqual({ allow: 4, deny: 1, "not-applicable": 0 });
});

test("an address makes two accesses of one only where a policy looks at it", () => {
  const from = (address: string): AuditRecord => allowed(question("dee", "source.push", "shop", { address }));
  const looking = [{ id: "x", reason: "x", effect: "permit", text: "context has address", at: "x:1" } as const];
  const counted = [policies, looking].map((own) => {
    const census = createAccessCensus(own);
    for (const address of ["192.0.2.1", "192.0.2.2"]) census.add(from(address));
    return census.allowed().length;
  });
  expect(counted).toEqual([1, 2]);
});

test("what no policy speaks about is counted by who, what and why, and what is nobody's business is not", () => {
  const census = createAccessCensus(policies);
  const silent = noPolicy("no policy speaks about access.grant");
  census.add(record(silent, NOON + 5));
  census.add(record(silent, NOON));
  census.add(record(silent, NOON, null));
  for (const reason of [
    "the call was refused: nothing was accessed",
    "a cloud service acted, for whom its own event speaks",
    "no policy speaks about other",
  ]) {
    census.add(record(noPolicy(reason)));
  }
  expect(census.uncovered()).toEqual([
    { principal: "dee@acme.example", action: "pipeline.approve", reason: silent.reason, times: 2, last: NOON + 5 },
    {
      principal: recordView().actor?.user?.uid,
      action: "pipeline.approve",
      reason: silent.reason,
      times: 1,
      last: NOON,
    },
  ]);
  expect(census.counts()["not-applicable"]).toBe(6);
});

test("a flood of principals nobody knows is counted together and takes no more memory", () => {
  const census = createAccessCensus(policies);
  for (let i = 0; i < 6_000; i++) census.add(record(noPolicy("nobody"), NOON, `x${i}@acme.example`));
  expect(census.uncovered()).toHaveLength(5_001);
  expect(census.uncovered()[0]).toMatchObject({ principal: "others", times: 1_000 });
});

test("a past of too many different accesses is refused: one that is half asked proves nothing", () => {
  const census = createAccessCensus(policies, 2);
  for (const name of ["dee", "bo", "dee"]) census.add(allowed(question(name, "source.push", "shop")));
  expect(() => census.add(allowed(question("ana", "source.push", "shop")))).toThrow(
    "the past holds more than 2 different accesses: look at less of it, with a later --since",
  );
});

test("the past is as long as its events are apart, in whichever order they come", () => {
  const census = createAccessCensus(policies);
  expect(census.span()).toBeUndefined();
  for (const time of [NOON, NOON - 7, NOON + 3]) census.add(record(noPolicy("x"), time));
  expect(census.span()).toEqual({ first: NOON - 7, last: NOON + 3 });
});

test("a permission is used where it is used, whatever the circumstances, and not elsewhere", () => {
  const held = [...permissionsOf(configuration, decide, policies)];
  const unused = unusedPermissions(held, [
    askedOnce(question("dee", "source.push", "shop", { businessHours: false, mfa: "unknown" })),
    askedOnce(question("rae", "source.push", "shop")),
  ]);
  const gone = held.filter((permission) => !unused.includes(permission));
  expect(gone.map(({ principal, action, place }) => [principal.id, action, place])).toEqual([
    ["dee@acme.example", "source.push", { project: "shop" }],
  ]);
});
