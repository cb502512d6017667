/** People are taken out of roles in the text itself: what else stands there stays, and the text reads as it should. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { rewriteRoles } from "../../../lib/core/configuration/rewrite-roles.ts";
import { type HeldRole, projectWithout, rolesHeld } from "../../../lib/core/configuration/role-members.ts";

const PEOPLE = ["ana", "bo", "cy", "dee"].map((name) => `${name}@acme.example`);
const HEAD = `organisation: acme
alerts: { email: [security@acme.example] }
people:
${PEOPLE.map((email) => `  - { email: ${email}, name: x }\n`).join("")}teams: { shop: [ana@acme.example, bo@acme.example, cy@acme.example] }
`;
const PROJECT = `projects:
  shop: # sold here
    repositories: ["github:acme/shop"]
    roles:
`;

const withRoles = (roles: string): string => `${HEAD}${PROJECT}${roles}protectedBranches: [main] # the end\n`;
const held = (role: string, name: string, project = "shop"): HeldRole => ({
  project,
  role,
  person: `${name}@acme.example`,
});

function rewritten(roles: string, ...gone: HeldRole[]): string {
  const text = withRoles(roles);
  const after = rewriteRoles(text, parseConfiguration(text, "gatebook.yml"), gone);
  expect(after.startsWith(HEAD) && after.endsWith("protectedBranches: [main] # the end\n")).toBe(true);
  return after.slice(HEAD.length, -"protectedBranches: [main] # the end\n".length);
}

describe("in brackets", () => {
  test.each([
    ["the first", "bo", "[ana@acme.example]"],
    ["the last", "ana", "[ bo@acme.example ]"],
  ])("%s of two goes with its comma", (_, name, list) => {
    const given = list.startsWith("[ ")
      ? "[ ana@acme.example, bo@acme.example ]"
      : "[ana@acme.example, bo@acme.example]";
    expect(rewritten(`      developer: ${given} # who\n`, held("developer", name))).toBe(
      `${PROJECT}      developer: ${list} # who\n`,
    );
  });

  test("a list of several lines loses a line, with the comment behind it alone", () => {
    const roles = [
      "      developer: [",
      "        ana@acme.example, # leads",
      "        # since May",
      "        bo@acme.example,",
      '        "cy@acme.example", # on leave',
      "      ]\n",
    ];
    expect(rewritten(roles.join("\n"), held("developer", "ana"), held("developer", "cy"))).toBe(
      PROJECT + roles.filter((line) => !/ana|cy@/.test(line)).join("\n"),
    );
  });

  test("a team is written out without whom it loses, and nobody twice", () => {
    expect(rewritten('      developer: ["team:shop", bo@acme.example]\n', held("developer", "cy"))).toBe(
      `${PROJECT}      developer: [ana@acme.example, bo@acme.example]\n`,
    );
  });

  test("a role that nobody holds any more goes, and the roles with the last of them", () => {
    const roles =
      "      developer: [ana@acme.example]\n      # who releases\n      release-manager: [bo@acme.example]\n";
    expect(rewritten(roles, held("developer", "ana"))).toBe(
      `${PROJECT}      # who releases\n      release-manager: [bo@acme.example]\n`,
    );
    expect(rewritten(roles, held("developer", "ana"), held("release-manager", "bo"))).toBe(
      PROJECT.replace("    roles:\n", ""),
    );
  });

  test("administrators are left as nobody, which says more than nothing", () => {
    expect(rewritten("      administrator: [dee@acme.example] # since May\n", held("administrator", "dee"))).toBe(
      `${PROJECT}      administrator: [] # since May\n`,
    );
    expect(
      rewritten("      administrator: # runs it\n        - dee@acme.example\n", held("administrator", "dee")),
    ).toBe(`${PROJECT}      administrator: [] # runs it\n`);
  });
});

test("a list of lines loses a line, and gains those of a team that is written out", () => {
  const roles = [
    "      developer:",
    "        # first",
    "        - team:shop # all",
    "        - dee@acme.example # new",
    "      reviewer: [bo@acme.example]\n",
  ];
  const after = rewritten(roles.join("\n"), held("developer", "dee"), held("developer", "bo"));
  expect(after.slice(PROJECT.length)).toBe(
    [
      "      developer:",
      "        # first",
      "        - ana@acme.example",
      "        - cy@acme.example # all",
      "      reviewer: [bo@acme.example]\n",
    ].join("\n"),
  );
});

test("a list that stands for another is written out, and that one stays", () => {
  const roles = "      developer: &us [ana@acme.example, bo@acme.example]\n      reviewer: *us\n";
  expect(rewritten(roles, held("reviewer", "ana"))).toBe(
    `${PROJECT}      developer: &us [ana@acme.example, bo@acme.example]\n      reviewer: [bo@acme.example]\n`,
  );
});

test("lines that end as on Windows still do", () => {
  const text = withRoles("      developer:\n        - team:shop\n        - dee@acme.example\n").replaceAll(
    "\n",
    "\r\n",
  );
  const after = rewriteRoles(text, parseConfiguration(text, "x"), [held("developer", "ana"), held("developer", "dee")]);
  expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(parseConfiguration(after, "x").projects["shop"]?.roles).toEqual({
    developer: ["bo@acme.example", "cy@acme.example"],
  });
});

describe("in an environment", () => {
  const inLive = (lines: string): string => `${HEAD}projects:
  shop:
    repositories: ["github:acme/shop"]
    environments:
      live:
        accounts: ["111122223333"] # ours
${lines}      trial: { roles: { developer: [dee@acme.example] } } # for now
    roles: { developer: ["team:shop"] }
`;
  const taken = (text: string, ...gone: HeldRole[]) => {
    const after = rewriteRoles(text, parseConfiguration(text, "gatebook.yml"), gone);
    parseConfiguration(after, "gatebook.yml");
    return after;
  };
  const here = (role: string, name: string, environment = "live") => ({ ...held(role, name), environment });

  test("a role is taken away there, and those of the same name on the project and elsewhere stay", () => {
    const text = inLive("        roles:\n          developer: [ana@acme.example, dee@acme.example] # both\n");
    expect(taken(text, here("developer", "dee"))).toBe(
      inLive("        roles:\n          developer: [ana@acme.example] # both\n"),
    );
    expect(taken(text, held("developer", "ana"))).toBe(
      text.replace('["team:shop"]', "[bo@acme.example, cy@acme.example]"),
    );
  });

  test("the roles go with the last of them, and the environment stays, if as nothing", () => {
    const text = inLive("        # who\n        roles:\n          developer:\n            - ana@acme.example\n");
    const both = [here("developer", "ana"), here("developer", "dee", "trial")];
    expect(taken(text, ...both)).toBe(
      inLive("        # who\n").replace("[dee@acme.example]", "x").replace("{ developer: x }", "{}"),
    );
    const alone = text.replace('        accounts: ["111122223333"] # ours\n', "");
    expect(taken(alone, here("developer", "ana"))).toContain(
      "      live:\n        # who\n        roles: {}\n      trial:",
    );
  });
});

describe("however it is written", () => {
  const member = fc.constantFrom(...PEOPLE, "team:shop");
  const layout = fc.constantFrom("brackets", "lines", "bracketed lines", "bracketed lines without a last comma");
  const comment = fc.constantFrom("", " # why");
  const role = fc.record({
    name: fc.constantFrom("developer", "reviewer", "release-manager", "administrator"),
    members: fc.uniqueArray(member, { minLength: 1, maxLength: 4 }),
    layout,
    comment,
  });
  const inLines = fc
    .uniqueArray(role, { minLength: 1, maxLength: 4, selector: ({ name }) => name })
    .map((roles) => `    roles:\n${roles.map((one) => `      ${one.name}:${listOf(one)}`).join("")}`);
  const inEnvironments = fc
    .tuple(inLines, fc.constantFrom("", "        accounts: []\n"), fc.uniqueArray(member, { minLength: 1 }))
    .map(([roles, more, members]) => {
      const deeper = roles.replaceAll(/^ {4}/gm, "        ");
      const trial = `      trial: { roles: { developer: [${members}] } }\n`;
      return `${roles}    environments:\n      live:\n${more}${deeper}${trial}`;
    });
  const inBraces = fc
    .uniqueArray(role, { minLength: 1, maxLength: 4, selector: ({ name }) => name })
    .map((roles) => `    roles: { ${roles.map(({ name, members }) => `${name}: [${members}]`).join(", ")} }\n`);

  function listOf({
    members,
    layout: how,
    comment: why,
  }: {
    members: string[];
    layout: string;
    comment: string;
  }): string {
    if (how === "brackets") return ` [${members.join(", ")}]${why}\n`;
    if (how === "lines") return `${why}\n${members.map((each) => `        - ${each}${why}\n`).join("")}`;
    const last = how === "bracketed lines" ? "," : "";
    const lines = members.map((each, i) => `        ${each}${i + 1 < members.length ? "," : last}${why}\n`);
    return ` [\n${lines.join("")}      ]${why}\n`;
  }

  test("the text reads as the narrower configuration, and what was no list of people stays", () => {
    fc.assert(
      fc.property(fc.oneof(inLines, inBraces, inEnvironments), fc.infiniteStream(fc.boolean()), (roles, coins) => {
        const text = `${HEAD}${PROJECT.replace("    roles:\n", roles)}components: [] # the end\n`;
        const configuration = parseConfiguration(text, "gatebook.yml");
        const gone = rolesHeld(configuration).filter(() => coins.next().value);
        const after = rewriteRoles(text, configuration, gone);
        expect(parseConfiguration(after, "gatebook.yml").projects).toEqual(withoutAll(configuration, gone));
        expect(after.endsWith("components: [] # the end\n")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

function withoutAll({ projects, teams }: Configuration, gone: readonly HeldRole[]): Configuration["projects"] {
  const narrower = Object.entries(projects).map(([name, project]) => {
    const ofProject = gone.filter(({ project: other }) => other === name);
    const left = ofProject.reduce((before, each) => projectWithout(before, each, teams), project);
    return [name, left];
  });
  return Object.fromEntries(narrower);
}
