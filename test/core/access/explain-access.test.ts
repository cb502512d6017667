/** What would have allowed an access that was denied: each thing that is enough, and nothing that is not. */
import { expect, test } from "vitest";
import { remediesFor } from "../../../lib/core/access/explain-access.ts";
import { deciderFor, question } from "./asked-before.ts";
import { exampleAccess } from "./example-access.ts";

const { configuration } = exampleAccess();
const remedies = (...asked: Parameters<typeof question>) =>
  remediesFor(question(...asked), configuration, deciderFor());
const EMERGENCY = "with the identity for emergencies";
const PRODUCTION = "shop/production";

test("what is allowed needs nothing", () => {
  expect(remedies("remy", "pipeline.approve", PRODUCTION)).toEqual([]);
});

test("a circumstance that is enough alone is said alone, and roles that somebody holds are none", () => {
  expect(remedies("remy", "pipeline.approve", PRODUCTION, { businessHours: false })).toEqual([
    "in business hours",
    EMERGENCY,
  ]);
  expect(remedies("remy", "pipeline.approve", PRODUCTION, { businessHours: false, mfa: "no" })).toEqual([
    "in business hours and with MFA",
    EMERGENCY,
  ]);
});

test("a role that is enough is said, with the circumstances that it asks for", () => {
  expect(remedies("rae", "source.push", "shop")).toEqual([EMERGENCY, "as developer of shop"]);
  expect(remedies("dee", "pipeline.approve", PRODUCTION)).toEqual([EMERGENCY, "as release-manager of shop"]);
  expect(remedies("dee", "pipeline.approve", PRODUCTION, { businessHours: false })).toEqual([
    EMERGENCY,
    "as release-manager of shop, in business hours",
  ]);
  expect(remedies("dee", "deploy.start", PRODUCTION, { businessHours: false, mfa: "no" })).toEqual([
    EMERGENCY,
    "as release-manager of shop, in business hours and with MFA",
  ]);
});

test("no role helps who approves what they wrote", () => {
  expect(remedies("remy", "pipeline.approve", PRODUCTION, { wrote: true, started: true })).toEqual([
    "had somebody else written and started it, and edited the pipeline",
    EMERGENCY,
  ]);
});

test("nothing helps who has left, and no role a workload", () => {
  expect(remedies("cy", "source.push", "shop")).toEqual([]);
  const role = { type: "Workload" as const, id: "arn:aws:iam::111122223333:role/shop-deploy" };
  const outside = { ...question("dee", "deploy.change", PRODUCTION), principal: role };
  expect(remediesFor(outside, configuration, deciderFor())).toEqual(["from the project's own pipeline", EMERGENCY]);
});
