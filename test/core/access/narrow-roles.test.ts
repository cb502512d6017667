/** Roles that nothing needed go, and nothing of the past that was allowed is denied without them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AskedBefore } from "../../../lib/core/access/access-census.ts";
import { GOVERNED_ACTIONS, nameOfPlace } from "../../../lib/core/access/access-question.ts";
import { askAgain, narrowRoles } from "../../../lib/core/access/narrow-roles.ts";
import { unusedByRoles } from "../../../lib/core/access/unused-by-role.ts";
import { rolesHeld } from "../../../lib/core/configuration/role-members.ts";
import { askedOnce, deciderFor, question } from "./asked-before.ts";
import { exampleAccess } from "./example-access.ts";

const { configuration, decide } = exampleAccess();
const decideFor = deciderFor();
const narrowed = (...asked: AskedBefore[]) => narrowRoles(configuration, asked, decideFor);
const rolesLeft = (...asked: AskedBefore[]) => narrowed(...asked).configuration.projects["shop"]?.roles;

describe("the narrower roles", () => {
  test("of a past in which nothing happened are none, but for nobody as administrator", () => {
    expect(rolesLeft()).toEqual({ administrator: [] });
    expect(narrowed().unneeded).toEqual(rolesHeld(configuration));
  });

  test("keep whoever used one, and write the rest of their team out", () => {
    expect(rolesLeft(askedOnce(question("dee", "source.push", "shop")))).toEqual({
      developer: ["dee@acme.example"],
      administrator: [],
    });
  });

  test("keep one of two that both allow what somebody did", () => {
    expect(rolesLeft(askedOnce(question("bo", "source.merge", "shop")))).toEqual({
      reviewer: ["bo@acme.example"],
      administrator: [],
    });
  });

  test("keep a role for what happened in one of several projects that an access touched", () => {
    const both = askedOnce(
      question("dee", "deploy.change", "shop/production"),
      question("dee", "deploy.change", "shop/staging"),
    );
    expect(decide(both.questions[0] ?? question("dee", "source.push", "shop")).outcome).toBe("deny");
    expect(rolesLeft(both)).toMatchObject({ developer: ["dee@acme.example"] });
  });

  test("keep nothing for what today's policy denies anyway", () => {
    expect(rolesLeft(askedOnce(question("dee", "pipeline.approve", "shop/production")))).toEqual({ administrator: [] });
  });

  test("leave the configuration that they are made of as it is", () => {
    const before = JSON.stringify(configuration);
    narrowed();
    expect(JSON.stringify(configuration)).toBe(before);
  });

  test("never deny what was allowed, and could not be narrower by any one of them", () => {
    const anything = fc.record({
      name: fc.constantFrom("ana", "bo", "dee", "cy", "rae", "remy", "ada", "gil", "nobody"),
      action: fc.constantFrom(...GOVERNED_ACTIONS),
      place: fc.constantFrom("shop", "shop/production", "shop/staging", "elsewhere"),
      context: fc.record({
        businessHours: fc.boolean(),
        mfa: fc.constantFrom("yes", "no", "unknown"),
        breakGlass: fc.boolean(),
        started: fc.boolean(),
      }),
    });
    const past = fc.array(
      fc.record({
        questions: fc
          .array(anything, { minLength: 1, maxLength: 2 })
          .map((all) => all.map((one) => question(all[0]?.name ?? "", one.action, one.place, one.context))),
        times: fc.integer({ min: 1, max: 9 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(past, (all) => {
        const asked = all.filter(({ questions }) => questions.some((one) => decide(one).outcome === "allow"));
        const { configuration: narrower, unneeded } = narrowRoles(configuration, asked, decideFor);
        const times = asked.reduce((sum, each) => sum + each.times, 0);
        expect(askAgain(asked, decide, decideFor(narrower))).toEqual({ accesses: times, denied: 0, deniedToday: 0 });
        expect(rolesHeld(narrower).length + unneeded.length).toBe(rolesHeld(configuration).length);
        expect(narrowRoles(narrower, asked, decideFor).unneeded).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

test("accesses are counted as often as they happened, and what today's policy denies apart", () => {
  const asked = [
    { questions: [question("dee", "source.push", "shop")], times: 1_200 },
    { questions: [question("rae", "source.review", "shop")], times: 3 },
    { questions: [question("gil", "source.push", "shop")], times: 4 },
  ];
  const nobody = decideFor({ ...configuration, projects: {} });
  expect(askAgain(asked, decide, nobody)).toEqual({ accesses: 1_203, denied: 1_203, deniedToday: 4 });
});

describe("what a role allows and nobody used", () => {
  test("is said of the role, over all who hold it and all environments", () => {
    const asked = [
      askedOnce(question("dee", "deploy.start", "shop/staging")),
      askedOnce(question("ana", "source.push", "shop")),
    ];
    const developer = unusedByRoles(configuration, asked, decideFor).find(({ role }) => role === "developer");
    expect(developer?.actions).toContain("pipeline.retry");
    expect(developer?.actions).not.toContain("source.push");
    expect(developer?.actions).not.toContain("deploy.start");
    expect(developer?.actions).not.toContain("pipeline.edit");
  });

  test("is used by nobody who does not hold it, nor in another project", () => {
    const asked = [
      askedOnce(question("gil", "source.review", "shop")),
      askedOnce(question("rae", "source.review", "elsewhere")),
    ];
    const reviewer = unusedByRoles(configuration, asked, decideFor).find(({ role }) => role === "reviewer");
    expect(reviewer?.actions).toEqual(["source.merge", "source.review"]);
  });

  test("is nothing for a role that is used for all that it allows, and for one that nobody holds", () => {
    const asked = (["source.merge", "source.review"] as const).map((action) =>
      askedOnce(question("rae", action, "shop/production")),
    );
    const { shop } = configuration.projects;
    if (shop === undefined) throw new Error("the example has no shop");
    const projects = { shop: { ...shop, roles: { ...shop.roles, administrator: [] } } };
    const roles = unusedByRoles({ ...configuration, projects }, asked, decideFor);
    expect(roles.map(({ role, ...place }) => `${role} of ${nameOfPlace(place)}`)).toEqual([
      "developer of shop",
      "release-manager of shop",
      "developer of shop/staging",
      "release-manager of shop/staging",
    ]);
  });
});
