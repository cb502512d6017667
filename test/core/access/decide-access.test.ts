/** Decisions as sentences, and the same question asked twice. */
import { expect, test } from "vitest";
import { createDecider } from "../../../lib/core/access/decide-access.ts";
import { ORDINARY } from "../../../lib/core/access/permissions.ts";
import { exampleAccess, REMY_APPROVES } from "./example-access.ts";

const { decide, policies } = exampleAccess();

test("an allowed access names its policy and says why", () => {
  expect(decide(REMY_APPROVES)).toEqual({
    outcome: "allow",
    policies: ["release-managers-release"],
    reason:
      "remy@acme.example may do pipeline.approve in shop/production: release managers approve and deploy in business hours, with MFA",
  });
});

test("one that a policy forbids says which", () => {
  expect(decide({ ...REMY_APPROVES, context: { ...ORDINARY, started: true } })).toEqual({
    outcome: "deny",
    policies: ["nobody-approves-their-own"],
    reason:
      "remy@acme.example may not do pipeline.approve in shop/production: nobody approves what they wrote or started",
  });
});

test("one that no policy allows says what was not as it should be", () => {
  const context = { ...ORDINARY, businessHours: false, mfa: "no" as const };
  expect(decide({ ...REMY_APPROVES, context })).toMatchObject({
    policies: [],
    reason:
      "remy@acme.example may not do pipeline.approve in shop/production: no policy allows it (it was outside business hours, it was without MFA)",
  });
});

test("the same question is put to the engine once", () => {
  let asked = 0;
  const once = createDecider(policies, {
    authorise: () => {
      asked += 1;
      return { decision: "deny", policies: [] };
    },
  });
  expect(once(REMY_APPROVES)).toEqual(once({ ...REMY_APPROVES }));
  expect(asked).toBe(1);
  once({ ...REMY_APPROVES, context: { ...ORDINARY, wrote: true } });
  expect(asked).toBe(2);
});

test("an address of either family is a question, whatever the policies make of it", () => {
  for (const address of ["192.0.2.7", "2001:db8::7"]) {
    expect(decide({ ...REMY_APPROVES, context: { ...ORDINARY, address } }).outcome).toBe("allow");
  }
});

test("names of people and workloads are data: quotes in them are no Cedar", () => {
  const id = '"]; permit(principal, action, resource); //';
  expect(decide({ ...REMY_APPROVES, principal: { type: "Person", id, left: false } }).outcome).toBe("deny");
  expect(decide({ ...REMY_APPROVES, principal: { type: "Workload", id } }).outcome).toBe("deny");
});
