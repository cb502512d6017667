/** Who is alike to the policies has the same permissions as if each had been asked about, and who is named is alike to nobody. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { GOVERNED_ACTIONS } from "../../../lib/core/access/access-question.ts";
import { likenessIn } from "../../../lib/core/access/likeness.ts";
import { ORDINARY, permissionFor, permissionsOf } from "../../../lib/core/access/permissions.ts";
import type { AccessPolicy } from "../../../lib/core/access/policy-engine.ts";
import type { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { deciderFor } from "./asked-before.ts";
import { exampleAccess } from "./example-access.ts";

const { configuration, policies, schema } = exampleAccess();
const named = (text: string): AccessPolicy[] => [
  ...policies,
  { id: "own", reason: "because", effect: "permit", text, at: "own.cedar:1" },
];
const SHOP = { project: "shop" };
const TILL = { project: "till" };
const dee = { type: "Person", id: "dee@acme.example", left: false } as const;
const bo = { ...dee, id: "bo@acme.example" };

test("people who hold the same roles on a project are alike there, and whoever left is not", () => {
  const alike = likenessIn(configuration, policies);
  expect(alike({ ...dee, id: "ana@acme.example" }, SHOP)).toBe(alike(bo, SHOP));
  expect(alike(dee, SHOP)).not.toBe(alike(bo, SHOP));
  expect(alike(dee, TILL)).toBe(alike(bo, TILL));
  expect(alike({ ...dee, left: true }, SHOP)).not.toBe(alike(dee, SHOP));
  const [pia, gil] = ["pia", "gil"].map((name) => ({ ...dee, id: `${name}@acme.example` }));
  if (pia === undefined || gil === undefined) throw new Error("there are two");
  expect(alike(pia, SHOP)).toBe(alike(gil, SHOP));
  expect(alike(pia, { ...SHOP, environment: "production" })).toBe(alike(gil, { ...SHOP, environment: "production" }));
  expect(alike(pia, { ...SHOP, environment: "staging" })).not.toBe(alike(gil, { ...SHOP, environment: "staging" }));
});

test.each(['Person::"dee@acme.example"', 'Team::"shop"', 'Role :: "shop/reviewer"'])(
  "where a policy names %s, nobody is like anybody",
  (entity) => {
    const own = named(
      `permit (principal in Gatebook::${entity}, action == Gatebook::Action::"secret.write", resource);`,
    );
    const alike = likenessIn(configuration, own);
    expect(alike(dee, TILL)).not.toBe(alike(bo, TILL));
    const decide = deciderFor({ schema, policies: own })(configuration);
    const writers = [...permissionsOf(configuration, decide, own)].filter(({ action }) => action === "secret.write");
    const expected = entity.startsWith("Person")
      ? ["dee"]
      : entity.startsWith("Team")
        ? ["ana", "bo", "dee"]
        : ["ana", "bo", "rae"];
    const found = new Set(writers.map(({ principal }) => principal.id.replace("@acme.example", "")));
    expect([...found].sort()).toEqual(["ada", ...expected].sort());
  },
);

test("whoever holds what, each has the permissions that asking about them alone would give", () => {
  const emails = configuration.people.map(({ email }) => email);
  const members = fc.uniqueArray(fc.constantFrom(...emails), { minLength: 1, maxLength: 4 });
  const roles = fc.record({ developer: members, reviewer: members, "release-manager": members });
  fc.assert(
    fc.property(roles, fc.record({ developer: members, "release-manager": members }), (held, inStaging) => {
      const { shop } = configuration.projects;
      const { production, staging } = shop?.environments ?? {};
      if (shop === undefined || production === undefined || staging === undefined) throw new Error("no example");
      const environments = { production, staging: { ...staging, roles: inStaging } };
      const other: Configuration = { ...configuration, projects: { shop: { ...shop, roles: held, environments } } };
      const decide = deciderFor()(other);
      const found = [...permissionsOf(other, decide, policies)].filter(({ principal }) => principal.type === "Person");
      const places = [
        { project: "shop" },
        ...["production", "staging"].map((environment) => ({ project: "shop", environment })),
      ];
      const asked = configuration.people.flatMap(({ email, left }) => {
        const principal = { type: "Person", id: email, left: left !== undefined } as const;
        return places.flatMap((place) =>
          GOVERNED_ACTIONS.flatMap((action) => permissionFor(decide, { principal, action, place }, ORDINARY) ?? []),
        );
      });
      expect(found).toEqual(asked);
    }),
    { numRuns: 8 },
  );
});
