/** A role in one environment: beside those of the project, and worth nothing anywhere else. */
import { describe, expect, test } from "vitest";
import { createAskAbout } from "../../../lib/core/access/ask-about.ts";
import { remediesFor, rolesBehind } from "../../../lib/core/access/explain-access.ts";
import { narrowRoles } from "../../../lib/core/access/narrow-roles.ts";
import { permissionsOf } from "../../../lib/core/access/permissions.ts";
import type { AccessPolicies } from "../../../lib/core/access/policy-engine.ts";
import { unusedByRoles } from "../../../lib/core/access/unused-by-role.ts";
import type { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { projectWith, rolesHeld } from "../../../lib/core/configuration/role-members.ts";
import { askedOnce, deciderFor, question } from "./asked-before.ts";
import { exampleAccess } from "./example-access.ts";
import { recordView } from "./record-views.ts";

const { configuration, schema, policies, decide } = exampleAccess();
const decideFor = deciderFor();

/** The example organisation, where somebody holds one more role. */
function withRole(name: string, role: string, environment?: string): Configuration {
  const { shop } = configuration.projects;
  if (shop === undefined) throw new Error("the example has no shop");
  const held = { project: "shop", role, person: `${name}@acme.example`, ...(environment && { environment }) };
  return { ...configuration, projects: { shop: projectWith(shop, held) } };
}

describe("in its environment", () => {
  test("it is worth what it would be on the project, and nowhere else anything", () => {
    const pia = (place: string) => decide(question("pia", "pipeline.approve", place)).outcome;
    expect(["shop/staging", "shop/production", "shop"].map(pia)).toEqual(["allow", "deny", "deny"]);
    const all = [...permissionsOf(configuration, decide, policies)].filter(({ principal }) =>
      principal.id.startsWith("pia"),
    );
    expect(new Set(all.map(({ place }) => place.environment))).toEqual(new Set(["staging"]));
  });

  test("those who hold the same role on the project hold it as before", () => {
    for (const place of ["shop/staging", "shop/production", "shop"]) {
      expect(decide(question("remy", "pipeline.approve", place)).outcome).toBe("allow");
    }
  });

  test("a role that the project does not have at all is one", () => {
    const without = { ...configuration, projects: { shop: { ...withRole("gil", "x").projects["shop"], roles: {} } } };
    const bare = without as Configuration;
    const decideBare = decideFor(bare);
    expect(decideBare(question("pia", "pipeline.approve", "shop/staging")).outcome).toBe("allow");
    expect(decideBare(question("remy", "pipeline.approve", "shop/staging")).outcome).toBe("deny");
    // For a while, too: by a grant in this place.
    const until = Date.parse("2026-11-25T15:00:00Z");
    const temporaryRoles = [{ role: "release-manager", grant: "grant:1", until }];
    const asked = question("gil", "pipeline.approve", "shop/staging");
    expect(decideBare({ ...asked, temporaryRoles }).outcome).toBe("allow");
    expect(decideBare({ ...asked, place: { project: "shop" }, temporaryRoles }).outcome).toBe("deny");
  });

  test("a policy of one's own names it with its place, and means whoever holds it on the project as well", () => {
    const night =
      'permit (principal in Gatebook::Role::"shop/staging/pilot", action == Gatebook::Action::"deploy.start", resource);';
    const own = [...policies, { id: "own", reason: "because", effect: "permit" as const, text: night, at: "own:1" }];
    const access: AccessPolicies = { schema, policies: own };
    const by = (name: string, environment?: string) =>
      deciderFor(access)(withRole(name, "pilot", environment))(question(name, "deploy.start", "shop/staging")).outcome;
    expect([by("gil", "staging"), by("gil"), by("gil", "production")]).toEqual(["allow", "allow", "deny"]);
  });

  test("administrators may be named, and then what they administer is asked about there", () => {
    const { shop } = configuration.projects;
    if (shop === undefined) throw new Error("the example has no shop");
    const { administrator: _, ...roles } = shop.roles;
    const nobody = { ...configuration, projects: { shop: { ...shop, roles } } };
    const askAbout = (organisation: Configuration) =>
      createAskAbout(organisation)(recordView({ action: "secret.write" }));
    expect(askAbout(nobody)).toEqual({
      none: expect.stringContaining("shop/production, shop has no role administrator"),
    });
    const named = projectWith(
      { ...shop, roles },
      {
        ...{ project: "shop", environment: "production", role: "administrator", person: "ada@acme.example" },
      },
    );
    const there = { ...configuration, projects: { shop: named } };
    expect(askAbout(there)).toMatchObject({ questions: [{ place: { project: "shop", environment: "production" } }] });
    expect(decideFor(there)(question("ada", "secret.write", "shop/production")).outcome).toBe("allow");
    expect(decideFor(there)(question("ada", "secret.write", "shop/staging")).outcome).toBe("deny");
    const elsewhere = recordView({ action: "secret.write", environments: ["shop/staging"] });
    expect(createAskAbout(there)(elsewhere)).toEqual({ none: expect.stringContaining("has no role administrator") });
  });
});

describe("of roles on a project and in an environment", () => {
  const twice = withRole("remy", "release-manager", "production");
  const used = [askedOnce(question("remy", "pipeline.approve", "shop/production"))];

  test("that both allow what somebody did, the wider goes", () => {
    const { unneeded, configuration: narrower } = narrowRoles(twice, used, decideFor);
    expect(narrower.projects["shop"]?.environments["production"]?.roles).toEqual({
      "release-manager": ["remy@acme.example"],
    });
    expect(narrower.projects["shop"]?.roles).toEqual({ administrator: [] });
    expect(rolesHeld(narrower)).toEqual([
      { project: "shop", environment: "production", role: "release-manager", person: "remy@acme.example" },
    ]);
    expect(unneeded).toContainEqual({ project: "shop", role: "release-manager", person: "remy@acme.example" });
  });

  test("the environment's goes alone where it was used elsewhere", () => {
    const elsewhere = [askedOnce(question("remy", "pipeline.approve", "shop/staging"))];
    const { configuration: narrower } = narrowRoles(twice, elsewhere, decideFor);
    expect(narrower.projects["shop"]?.roles["release-manager"]).toEqual(["remy@acme.example"]);
    expect(narrower.projects["shop"]?.environments["production"]?.roles).toEqual({});
  });

  test("each has what nobody used of it, by what was done where it is held", () => {
    const asked = [
      askedOnce(question("pia", "deploy.rollback", "shop/staging")),
      askedOnce(question("pia", "pipeline.approve", "shop/production")),
    ];
    const [own] = unusedByRoles(configuration, asked, decideFor).filter(
      ({ role, environment }) => role === "release-manager" && environment === "staging",
    );
    expect(own?.actions).toContain("pipeline.approve");
    expect(own?.actions).not.toContain("deploy.rollback");
    expect(own?.actions).not.toContain("source.push");
  });
});

describe("what is explained", () => {
  test("names each role with where it is held", () => {
    const twice = withRole("remy", "release-manager", "production");
    const behind = (place: string, organisation = configuration, name = "remy") =>
      rolesBehind(question(name, "pipeline.approve", place), organisation);
    expect(behind("shop/production", twice)).toEqual(["release-manager of shop", "release-manager of shop/production"]);
    expect(behind("shop/staging", twice)).toEqual(["release-manager of shop"]);
    expect(behind("shop/staging", configuration, "pia")).toEqual(["release-manager of shop/staging"]);
    expect(behind("shop", configuration, "pia")).toEqual([]);
    const workload = { type: "Workload" as const, id: "pia@acme.example" };
    expect(
      rolesBehind({ ...question("pia", "deploy.start", "shop/staging"), principal: workload }, configuration),
    ).toEqual([]);
  });

  test("proposes the role of the place beside that of the project, and none of another place", () => {
    const remedies = (name: string, place: string) =>
      remediesFor(question(name, "pipeline.approve", place), configuration, decideFor);
    expect(remedies("gil", "shop/staging")).toEqual([
      "with the identity for emergencies",
      "as developer of shop",
      "as release-manager of shop",
      "as developer of shop/staging",
      "as release-manager of shop/staging",
    ]);
    expect(remedies("pia", "shop/production")).toEqual([
      "with the identity for emergencies",
      "as release-manager of shop",
    ]);
  });
});
