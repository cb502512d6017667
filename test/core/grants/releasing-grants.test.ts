/** Whoever releases by a grant is no stranger to the rules. */
import { expect, test } from "vitest";
import { releasingGrants, withoutGranted } from "../../../lib/core/grants/releasing-grants.ts";
import { exampleGrant, TEN } from "./example-grant.ts";

const DEE = "dee@acme.example";

test("a release manager for a while may release the project while it lasts, and nobody else may by it", () => {
  const grants = releasingGrants([exampleGrant()], [DEE, "sam@acme.example"], TEN);
  expect(withoutGranted([DEE, "sam@acme.example"], [{ project: "shop", environment: "production" }], grants)).toEqual([
    "sam@acme.example",
  ]);
  expect(withoutGranted([DEE], [{ project: "blog" }], grants)).toEqual([DEE]);
  expect(withoutGranted([DEE], [{ project: "shop", environment: "production" }])).toEqual([DEE]);
});

test("another role, another time or another person's grant counts for nothing", () => {
  expect(releasingGrants([exampleGrant({ role: "developer" })], [DEE], TEN)).toEqual([]);
  expect(releasingGrants([exampleGrant()], [DEE], TEN - 1)).toEqual([]);
  expect(releasingGrants([exampleGrant()], ["sam@acme.example"], TEN)).toEqual([]);
});
