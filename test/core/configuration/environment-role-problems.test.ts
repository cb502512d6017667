/** What is wrong with roles in one environment is said with its line, as of those on a project. */
import { describe, expect, test } from "vitest";
import { findUnknownRoles } from "../../../lib/core/access/unknown-roles.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { PEOPLE, problemsOf, SHOP } from "./example-problems.ts";

describe("of roles in one environment,", () => {
  const live = (role: string, more = ""): string =>
    `${SHOP}    environments:\n      live:\n${more}        roles:\n${role}`;
  test.each([
    [
      "an unknown person",
      live("          developer: [zoe@acme.example]\n"),
      "11",
      "developer[0]: zoe@acme.example is neither",
    ],
    [
      "an unknown team",
      live('          developer:\n            - "team:x"\n'),
      "12",
      "developer[0]: team:x is neither under",
    ],
    ["an empty one", live("          developer: []\n"), "11", "developer: nobody holds it: name a person"],
    ["one of an empty team", live('          developer: ["team:nobody"]\n'), "11", "developer: nobody holds it"],
    [
      "one that no policy names",
      live("          devloper: [ana@acme.example]\n"),
      "11",
      "devloper: no policy of rules/access",
    ],
    [
      "a slash in the name of one",
      live("          a/developer: [ana@acme.example]\n"),
      "11",
      "a/developer: has a slash",
    ],
    [
      "one that somebody else's policy names",
      live("          till/developer: [ana@acme.example]\n").replace("till/developer", "king"),
      "11",
      "king: no policy of rules/access speaks about king",
    ],
    [
      "one without a name",
      live('          " ": [ana@acme.example]\n'),
      "11",
      " : has no name: write one before the colon",
    ],
    ["one of nobody at all", live("          developer:\n"), "11", "developer: must be a list, such as [ana@acme"],
    ["one of no list", live("          developer: ana@acme.example\n"), "11", "developer: must be a list, such as ["],
    ["an empty member", live('          developer: [""]\n'), "11", "developer[0]: is empty: name a person or a team"],
  ])("%s is said", (_, text, line, problem) => {
    const wanted = `gatebook.yml:${line}: projects.shop.environments.live.roles.${problem}`;
    expect(problemsOf(text)).toContainEqual(expect.stringContaining(wanted));
  });

  test("one in an environment that nothing can belong to is said, and one that a repository's environment has is not", () => {
    const text = live("          developer: [ana@acme.example]\n");
    expect(problemsOf(text)).toEqual([]);
    const nowhere = text.replace('    repositories: ["github:acme/shop"]\n', "");
    expect(problemsOf(nowhere)).toEqual([
      "gatebook.yml:9: projects.shop.environments.live.roles: its roles are on nothing: name the environment's accounts, pipelines, deployRoles or secrets",
    ]);
    const arn = "arn:aws:codepipeline:*:111122223333:shop-release/Live/*";
    expect(problemsOf(nowhere.replace("        roles:", `        pipelines: ["${arn}"]\n        roles:`))).toEqual([]);
  });

  test("a list in the place of roles, and roles without any, are said", () => {
    const wanted = "projects.shop.environments.live.roles: must be roles with their members, such as { developer: ";
    for (const text of [live("          - developer\n"), live("")]) {
      expect(problemsOf(text)).toEqual([expect.stringContaining(wanted)]);
    }
  });

  test("nobody as administrator is fine, and so is one that a policy names with its place", () => {
    expect(problemsOf(live("          administrator: []\n"))).toEqual([]);
    const { projects } = parseConfiguration(live("          pilot: [ana@acme.example]\n"), "gatebook.yml");
    const naming = (name: string) => {
      const text = `permit (principal in Gatebook::Role::"${name}", action, resource);`;
      return findUnknownRoles({ projects }, [{ id: "x", reason: "x", effect: "permit", text, at: "x:1" }]);
    };
    expect(naming("shop/live/pilot")).toEqual([]);
    // Those of the project alone: nobody whom gatebook.yml names here.
    expect(naming("shop/pilot")).toHaveLength(1);
    expect(naming("shop/dark/pilot")).toHaveLength(1);
  });
});

test("a slash in the name of a project, an environment or a role is said, since it stands between them", () => {
  expect(problemsOf(`${SHOP}    roles:\n      live/developer: [ana@acme.example]\n`)).toContainEqual(
    expect.stringMatching(/^gatebook\.yml:9: projects\.shop\.roles\.live\/developer: has a slash in its name/),
  );
  expect(problemsOf(`${PEOPLE}  acme/shop:\n    repositories: []\n`)).toEqual([
    expect.stringMatching(/^gatebook\.yml:6: projects\.acme\/shop: has a slash in its name/),
  ]);
  expect(problemsOf(`${SHOP}    environments:\n      eu/live: {}\n`)).toEqual([
    expect.stringMatching(/^gatebook\.yml:9: projects\.shop\.environments\.eu\/live: has a slash in its name/),
  ]);
});

test("a project or an environment without a name is said", () => {
  expect(problemsOf(`${PEOPLE}  "":\n    repositories: []\n`)).toEqual([
    expect.stringMatching(/^gatebook\.yml:6: projects\.: has no name: write one before the colon$/),
  ]);
  expect(problemsOf(`${SHOP}    environments:\n      "": {}\n`)).toEqual([
    expect.stringMatching(/^gatebook\.yml:9: projects\.shop\.environments\.: has no name/),
  ]);
});

describe("of two environments in one account, of which one has roles of its own,", () => {
  const PIPELINES = "arn:aws:codepipeline:*:111122223333:shop";
  const roles = { roles: { "release-manager": ["ana@acme.example"] } };
  const own = (name: string, more: object = {}) => ({
    accounts: ["444455556666", "111122223333"],
    deployRoles: [`arn:aws:iam::111122223333:role/${name}`],
    ...more,
  });
  const stage = (name: string) => ({ pipelines: [`${PIPELINES}/${name}/*`] });
  const shop = (staging: object, production: object, pipelines = `    pipelines: ["${PIPELINES}"]\n`): string =>
    `${SHOP}${pipelines}    environments:\n      staging: ${JSON.stringify(staging)}\n      production: ${JSON.stringify(production)}\n`;

  test.each([
    ["neither", {}, {}],
    ["the first alone", stage("Staging"), {}],
    ["the second alone", {}, stage("Production")],
  ])("an approval would be of both where %s names its pipelines", (_, staging, production) => {
    const problem = (at: number) =>
      `gatebook.yml:11: projects.shop.environments.production.accounts[${at}]: is of shop/staging too, and one of them has roles of its own, so that an approval in it is of both, and needs the right to both: name the pipelines, or stages, of each, or give the roles on the project`;
    const text = shop(own("a", { ...staging, ...roles }), own("b", production));
    expect(problemsOf(text)).toEqual([problem(0), problem(1)]);
    expect(problemsOf(shop(own("a", staging), own("b", { ...production, ...roles })))).toHaveLength(2);
    expect(problemsOf(shop(own("a", staging), own("b", production)))).toEqual([]);
  });

  test("all is well where both do, where the account is another, and where code hosts alone give approvals", () => {
    expect(problemsOf(shop(own("a", { ...stage("Staging"), ...roles }), own("b", stage("Production"))))).toEqual([]);
    expect(problemsOf(shop(own("a", roles), own("b", { accounts: ["777788889999"] })))).toEqual([]);
    expect(problemsOf(shop(own("a", roles), own("b"), ""))).toEqual([]);
  });
});
