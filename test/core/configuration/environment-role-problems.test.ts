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
