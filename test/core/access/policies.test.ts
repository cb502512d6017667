/** The default policies against their own cases, and what the cases' test says of cases that are wrong. */
import { expect, test } from "vitest";
import { readPolicyCases } from "../../../lib/adapters/policy-cases.ts";
import { type PolicyCases, testPolicies } from "../../../lib/core/access/test-policies.ts";
import { ACCESS_FOLDER, exampleAccess } from "./example-access.ts";

const { configuration, policies, decide } = exampleAccess();
const hasLeft = (email: string): boolean => configuration.people.find((one) => one.email === email)?.left !== undefined;
const files = readPolicyCases(ACCESS_FOLDER);

function failuresOf(content: unknown, { outcome = "allow", policy = "break-glass" }: Partial<PolicyCases> = {}) {
  const file: PolicyCases = { file: `${outcome}/${policy}.json`, policy, outcome, content };
  const untested = new Set(
    testPolicies({ policies, files: [] }, decide, hasLeft).failures.map(({ message }) => message),
  );
  return testPolicies({ policies, files: [file] }, decide, hasLeft)
    .failures.map(({ message }) => message)
    .filter((message) => !untested.has(message));
}

const CASE = { case: "Bo approves", person: "bo@acme.example", action: "pipeline.approve", place: "shop/production" };

test("at least eighty cases are decided as they say, and each policy has both sides", () => {
  const { cases, failures } = testPolicies({ policies, files }, decide, hasLeft);
  expect(failures).toEqual([]);
  expect(cases).toBeGreaterThanOrEqual(80);
});

test("a policy without a case on either side is a failure", () => {
  const { failures } = testPolicies(
    { policies, files: files.filter(({ outcome }) => outcome === "allow") },
    decide,
    hasLeft,
  );
  expect(failures).toHaveLength(policies.length);
  expect(failures[0]?.message).toMatch(/has no case: write deny\//);
});

test("a case that comes out otherwise says what the policies said", () => {
  expect(failuresOf([{ ...CASE, person: "dee@acme.example" }])).toEqual([
    "Bo approves: should be allowed: dee@acme.example may not do pipeline.approve in shop/production: no policy allows it",
  ]);
  expect(failuresOf([CASE], { outcome: "deny" })).toEqual([expect.stringMatching(/^Bo approves: should be denied: /)]);
  expect(failuresOf([{ ...CASE, policies: ["break-glass"] }])).toEqual([
    "Bo approves: should be decided by break-glass, and is by release-managers-release",
  ]);
});

test.each([
  ["no list", {}],
  ["an empty list", []],
  ["neither person nor workload", [{ ...CASE, person: undefined }]],
  ["both", [{ ...CASE, workload: "arn:aws:iam::111122223333:role/x" }]],
  ["an action that is none of ours", [{ ...CASE, action: "pipeline.explode" }]],
  ["a place of three parts", [{ ...CASE, place: "shop/production/eu" }]],
  ["a context that the schema does not have", [{ ...CASE, context: { moon: "full" } }]],
])("a file of cases with %s is refused", (_, content) => {
  expect(failuresOf(content)).toHaveLength(1);
});

test("a file about a policy that is not there is a failure", () => {
  expect(failuresOf([CASE], { policy: "no-such-policy" })).toEqual(["there is no policy no-such-policy"]);
});
