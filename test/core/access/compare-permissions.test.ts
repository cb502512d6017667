/** What a change of people or policies means, in words, one by one and together. */
import { describe, expect, test } from "vitest";
import { comparePermissions, groupChanges } from "../../../lib/core/access/compare-permissions.ts";
import { emergencyPermissionsOf, type Permission, permissionsOf } from "../../../lib/core/access/permissions.ts";
import type { AccessPolicies } from "../../../lib/core/access/policy-engine.ts";
import type { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { deciderFor } from "./asked-before.ts";
import { exampleAccess } from "./example-access.ts";

const { configuration, schema, policies } = exampleAccess();
const EXAMPLE = { schema, policies };

function permissions(own: AccessPolicies = EXAMPLE, organisation: Configuration = configuration): Permission[] {
  const decide = deciderFor(own)(organisation);
  return [...permissionsOf(organisation, decide, own.policies), ...emergencyPermissionsOf(organisation, decide)];
}

const before = permissions();

function withText(id: string, from: string | RegExp, to: string): AccessPolicies {
  const changed = policies.map((policy) =>
    policy.id === id ? { ...policy, text: policy.text.replace(from, to) } : policy,
  );
  expect(changed).not.toEqual(policies);
  return { schema, policies: changed };
}

const without = (id: string): AccessPolicies => ({ schema, policies: policies.filter((policy) => policy.id !== id) });

function saysOf(after: Permission[]): string[] {
  const groups = groupChanges(before, after).map(({ change, says }) => `${change}: ${says}`);
  const alone = comparePermissions(before, after);
  // However they are put together, each change is in one of the lines.
  for (const { principal, action, place } of alone) {
    expect(groups.some((line) => [principal, action, place].every((part) => line.includes(part)))).toBe(true);
  }
  return groups;
}

test("equal sides differ in nothing, in whichever order people are written", () => {
  const reversed = { ...configuration, people: configuration.people.toReversed() };
  expect(comparePermissions(before, permissions(EXAMPLE, reversed))).toEqual([]);
  expect(groupChanges(before, before)).toEqual([]);
});

test("what somebody loses alike in several places is one line, and their other changes are others", () => {
  const { shop } = configuration.projects;
  if (shop === undefined) throw new Error("the example has no shop");
  const roles = { ...shop.roles, reviewer: ["ana@acme.example", "bo@acme.example", "gil@acme.example"] };
  const after = permissions(EXAMPLE, { ...configuration, projects: { shop: { ...shop, roles } } });
  expect(saysOf(after)).toEqual([
    "lost: rae@acme.example may no longer do source.merge, source.review in shop, shop/production, shop/staging",
    "gained: gil@acme.example may now do source.merge, source.review in shop, shop/production, shop/staging",
  ]);
  expect(comparePermissions(before, after)).toHaveLength(12);
  expect(comparePermissions(before, after)[0]).toEqual({
    change: "lost",
    principal: "rae@acme.example",
    action: "source.merge",
    place: "shop",
    says: "rae@acme.example may no longer do source.merge in shop",
  });
});

describe("a policy that asks for", () => {
  test("less is said to be wider, and for more to be narrower, whoever it is about", () => {
    const anyTime = permissions(withText("release-managers-release", "context.businessHours && ", ""));
    expect(saysOf(anyTime)).toContain(
      "widened: remy@acme.example may do pipeline.approve, artifact.publish, deploy.start, deploy.change, access.assume in shop, shop/production, shop/staging not only in business hours any more",
    );
    const byDay = permissions(withText("administrators-administer", ";", "\nwhen { context.businessHours };"));
    expect(saysOf(byDay)).toEqual([
      expect.stringMatching(/^narrowed: ada@acme\.example may do .* only in business hours from now on$/),
    ]);
  });

  test("something else is said to ask for the one and not for the other", () => {
    const swapped = withText("administrators-administer", 'context.mfa != "no"', "context.businessHours");
    expect(saysOf(permissions(swapped))).toEqual([
      expect.stringMatching(
        /^changed: ada@\S+ may do .* only in business hours from now on, and not only with MFA any more$/,
      ),
    ]);
  });

  test("MFA that is known is narrower than one that takes what is not told", () => {
    const strict = withText("administrators-administer", 'context.mfa != "no"', 'context.mfa == "yes"');
    expect(saysOf(permissions(strict))).toEqual([
      expect.stringMatching(/^narrowed: .* only where MFA is told from now/),
    ]);
  });
});

describe("what an ordinary day would not show is found, too:", () => {
  test.each([
    ["nobody-approves-their-own", /not only of others' work and of what others started any more$/],
    ["nobody-approves-their-own-pipeline", /not only through pipelines that others edited any more$/],
    ["break-glass", /^lost: whoever comes in by break-glass may no longer do source\.push, /],
    ["readers-read-secrets", /^narrowed: .*role\/shop-deploy may do secret\.read in shop\/production only by their/],
  ])("%s is taken away", (id, says) => {
    expect(saysOf(permissions(without(id)))).toContainEqual(expect.stringMatching(says));
  });

  test("a workload that need not come by its pipeline any more", () => {
    const after = permissions(withText("workloads-deliver", "when { context.byPipeline }", ""));
    expect(saysOf(after)).toContainEqual(
      expect.stringMatching(/^widened: the workload \S+shop-deploy may do .* not only by their pipeline any more$/),
    );
  });

  test("nobody comes in by break-glass any more", () => {
    const after = permissions(EXAMPLE, { ...configuration, breakGlass: [] });
    expect(saysOf(after)).toEqual([expect.stringMatching(/^lost: whoever comes in by break-glass /)]);
  });

  test("somebody who reads an environment's secrets", () => {
    const { shop } = configuration.projects;
    const { production } = shop?.environments ?? {};
    if (shop === undefined || production === undefined) throw new Error("the example has no production");
    const readers = [...production.readers, "arn:aws:iam::111122223333:user/remy"];
    const environments = { ...shop.environments, production: { ...production, readers } };
    const after = permissions(EXAMPLE, { ...configuration, projects: { shop: { ...shop, environments } } });
    expect(saysOf(after)).toContain("gained: remy@acme.example may now do secret.read in shop/production");
  });
});
