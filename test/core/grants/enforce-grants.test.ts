/** Deploy roles trust a release manager for a while, and for no longer. */
import { expect, test } from "vitest";
import { memoryGrantStore } from "../../../lib/adapters/memory-grant-store.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { closeGrants } from "../../../lib/core/grants/close-grants.ts";
import { enforceableRoles, trustFor } from "../../../lib/core/grants/enforce-grants.ts";
import { exampleGrant, TEN } from "./example-grant.ts";

const ROLE = "arn:aws:iam::111122223333:role/delivery/shop-deploy";
const HOUR_MS = 60 * 60 * 1000;
const ORIGINAL = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: "codebuild.amazonaws.com" }, Action: "sts:AssumeRole" },
});
const configuration = parseConfiguration(
  `
organisation: acme
alerts: { email: [security@acme.example] }
people:
  - { email: dee@acme.example, name: Dee, identities: ["github:dee", "sso:dee@acme.example", "arn:aws:iam::111122223333:user/dee"] }
  - { email: sam@acme.example, name: Sam, identities: ["sso:sam@acme.example"] }
projects:
  shop:
    environments:
      production: { deployRoles: ["${ROLE}", "arn:aws:iam::*:role/shop-live-*"] }
      staging: { deployRoles: ["arn:aws:iam::111122223333:role/shop-staging"] }
    roles: { developer: [dee@acme.example], release-manager: [sam@acme.example] }
`,
  "gatebook.yml",
);

async function enforcing() {
  const grants = memoryGrantStore();
  await grants.replace(exampleGrant());
  const policies = new Map([[ROLE, ORIGINAL]]);
  const writes: string[] = [];
  const sent: Record<string, unknown>[] = [];
  const failing = { isDown: false };
  const world = {
    grants,
    intake: {
      async send(bodies: readonly string[]) {
        sent.push(...bodies.map((body) => JSON.parse(body)));
        return bodies.map(() => "id");
      },
    },
  };
  const trust = {
    async read(role: string) {
      if (failing.isDown) throw new Error("IAM is down");
      return policies.get(role) ?? "";
    },
    async write(role: string, document: string) {
      writes.push(role);
      policies.set(role, document);
    },
  };
  const enforcement = { configuration, trust };
  return { run: (now: number) => closeGrants({ ...world, enforcement }, now), world, policies, writes, sent, failing };
}

test("roles that are named whole are enforced, of the place alone, for a release manager whom IAM can name", () => {
  expect(enforceableRoles(configuration)).toEqual([ROLE, "arn:aws:iam::111122223333:role/shop-staging"]);
  expect(trustFor(exampleGrant(), configuration)).toEqual({
    roles: [ROLE],
    principals: ["arn:aws:iam::111122223333:user/dee"],
  });
  expect(trustFor(exampleGrant({ place: { project: "shop" } }), configuration).roles).toHaveLength(2);
  expect(trustFor(exampleGrant({ person: "sam@acme.example" }), configuration).roles).toEqual([]);
  expect(trustFor(exampleGrant({ role: "developer" }), configuration).roles).toEqual([]);
});

test("the role trusts her while it lasts, is written once, and is as it was afterwards", async () => {
  const { run, policies, writes, sent } = await enforcing();
  await run(TEN + 60_000);
  expect(policies.get(ROLE)).toContain('"aws:CurrentTime":"2026-11-25T11:00:00Z"');
  await run(TEN + 120_000);
  expect(writes).toEqual([ROLE]);
  await run(TEN + HOUR_MS);
  await run(TEN + HOUR_MS + 60_000);
  expect(policies.get(ROLE)).toBe(ORIGINAL);
  expect(writes).toEqual([ROLE, ROLE]);
  expect(sent.map(({ type }) => type)).toEqual(["grant.trust-added", "grant.trust-removed", "grant.ended"]);
});

test("what is taken back is not trusted a minute later", async () => {
  const { run, world, policies } = await enforcing();
  await run(TEN + 60_000);
  const grant = await world.grants.read(exampleGrant().id);
  const revoked = { person: "sam@acme.example", principal: "x", time: TEN + 90_000, reason: "wrong" };
  if (grant) await world.grants.replace({ ...grant, version: grant.version + 1, revoked });
  await run(TEN + 120_000);
  expect(policies.get(ROLE)).toBe(ORIGINAL);
});

test("an end that IAM did not take is tried again, and is not told before", async () => {
  const { run, policies, sent, failing } = await enforcing();
  await run(TEN + 60_000);
  failing.isDown = true;
  await expect(run(TEN + HOUR_MS)).rejects.toThrow("1 grants could not be closed");
  expect(sent.map(({ type }) => type)).toEqual(["grant.trust-added"]);
  failing.isDown = false;
  await run(TEN + HOUR_MS + 60_000);
  expect(policies.get(ROLE)).toBe(ORIGINAL);
});

test("where nothing is enforced any more, what is left of it is an error and not forgotten", async () => {
  const { run, world } = await enforcing();
  await run(TEN + 60_000);
  const failure: unknown = await closeGrants(world, TEN + HOUR_MS).catch((error: unknown) => error);
  expect(failure instanceof AggregateError && String(failure.errors[0])).toContain(
    "set grants.enforce to trust-policy again",
  );
});

test("without enforcement no policy is read", async () => {
  const { world, sent } = await enforcing();
  expect(await closeGrants(world, TEN + 60_000)).toEqual([]);
  expect(sent).toEqual([]);
});

test.each(["yes", "identity-center", "7"])("grants.enforce: %s is refused, with its line", (value) => {
  const text = `organisation: acme\nalerts: { email: [security@acme.example] }\ngrants:\n  enforce: ${value}\n`;
  expect(() => parseConfiguration(text, "gatebook.yml")).toThrow(
    /gatebook\.yml:4: grants\.enforce: must be none or trust-policy/,
  );
});
