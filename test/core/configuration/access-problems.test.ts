/** What would make the access policy answer about nobody, everybody or two places at once is refused with its line. */
import { describe, expect, test } from "vitest";
import { findUnknownRoles } from "../../../lib/core/access/unknown-roles.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { exampleAccess } from "../access/example-access.ts";
import { PEOPLE, problemsOf, SHOP } from "./example-problems.ts";

const { policies } = exampleAccess();

describe("of roles,", () => {
  test.each([
    [
      "an unknown person",
      `${SHOP}    roles:\n      developer: [zoe@acme.example]\n`,
      "9: projects.shop.roles.developer[0]: zoe@acme.example is neither under people",
    ],
    [
      "an empty one",
      `${SHOP}    roles:\n      developer: []\n`,
      "9: projects.shop.roles.developer: nobody holds it: name",
    ],
    [
      "one of an empty team",
      `${SHOP}    roles:\n      reviewer: [ana@acme.example]\n      developer: ["team:nobody"]\n`,
      "10: projects.shop.roles.developer: nobody holds it",
    ],
    [
      "one on a project that is nothing",
      `${PEOPLE}  shop:\n    workloads: []\n    roles: { developer: [ana@acme.example] }\n`,
      "8: projects.shop.roles: its roles are on nothing: name the project's repositories, pipelines or environments",
    ],
    [
      "one that no policy names",
      `${SHOP}    roles:\n      devloper: [ana@acme.example]\n`,
      "9: projects.shop.roles.devloper: no policy of rules/access speaks about devloper: check its spelling",
    ],
  ])("%s is said", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(`gatebook.yml:${problem}`)]);
  });

  test("a project's own, which a policy names with it, and nobody as administrator are fine", () => {
    const role = `${SHOP}    roles: { administrator: [], developer: ["team:shop"] }\n`;
    expect(problemsOf(role)).toEqual([]);
    const text = 'permit (principal in Gatebook::Role::"shop/pilot", action, resource);';
    const pilots = parseConfiguration(`${SHOP}    roles: { pilot: [ana@acme.example] }\n`, "gatebook.yml");
    expect(findUnknownRoles(pilots, policies)).toHaveLength(1);
    expect(findUnknownRoles(pilots, [{ id: "x", reason: "x", effect: "permit", text, at: "x:1" }])).toEqual([]);
  });
});

describe("a pattern that is everybody is said", () => {
  test.each([
    ["workload", `${SHOP}    workloads:\n      - "*"\n`, "9: projects.shop.workloads[0]: is everybody: name the roles"],
    [
      "deploy role",
      `${SHOP}    environments:\n      live:\n        deployRoles: ["arn:aws:iam::*:role/x", "**"]\n`,
      "10: projects.shop.environments.live.deployRoles[1]: is everybody",
    ],
    [
      "reader",
      `${SHOP}    environments:\n      live:\n        readers: ["?*"]\n`,
      "10: projects.shop.environments.live.readers[0]: is everybody",
    ],
    [
      "pipeline",
      `${SHOP}    environments:\n      live:\n        pipelines: ["*"]\n`,
      "10: projects.shop.environments.live.pipelines[0]: is everything: name the pipelines, or stages of one",
    ],
  ])("of a %s", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(`gatebook.yml:${problem}`)]);
  });
});

describe("of environments of which one is production, what is of both is said:", () => {
  const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
  const secret = (name: string, region = "*"): string => `arn:aws:secretsmanager:${region}:111122223333:secret:${name}`;
  const pipeline = (name: string, region = "*"): string => `arn:aws:codepipeline:${region}:111122223333:${name}`;
  const environments = (staging: object, production: object): string =>
    [
      `${SHOP}    environments:`,
      `      staging: ${JSON.stringify(staging)}`,
      `      production: ${JSON.stringify(production)}\n`,
    ].join("\n");
  const at = (key: string): string => `gatebook.yml:9: projects.shop.environments.staging.${key}[0]: `;

  test.each([
    ["the same deploy role", { deployRoles: [role("a")] }, { deployRoles: [role("b"), role("a")] }],
    [
      "a deploy role that the other's pattern holds",
      { deployRoles: [role("shop-*")] },
      { deployRoles: [role("shop-x")] },
    ],
    ["the reverse", { deployRoles: [role("shop-x")] }, { deployRoles: [role("shop-?")] }],
    ["the same secrets", { secrets: [secret("shop/*")] }, { secrets: [secret("shop/*")] }],
    ["secrets within others", { secrets: [secret("shop/*")] }, { secrets: [secret("shop/prod/*")] }],
    [
      "secrets that each hold some of the other",
      { secrets: [secret("shop/*", "eu-west-1")] },
      { secrets: [secret("shop/prod/*")] },
    ],
    ["the same pipeline", { pipelines: [pipeline("shop")] }, { pipelines: [pipeline("shop")] }],
    [
      "a stage of the other's pipeline",
      { pipelines: [pipeline("shop-release/Staging/*")] },
      { pipelines: [pipeline("shop-*", "eu-west-1")] },
    ],
    ["the pipeline around a stage", { pipelines: [pipeline("shop")] }, { pipelines: [pipeline("shop/Production/*")] }],
    [
      "an action of the other's stage",
      { pipelines: [pipeline("shop/Production/Approve")] },
      { pipelines: [pipeline("shop/Production")] },
    ],
  ])("%s", (_, staging, production) => {
    const [key = ""] = Object.keys(staging);
    expect(problemsOf(environments(staging, production))).toEqual([
      expect.stringMatching(
        /(is|overlaps with \S+, which is) of shop\/production too, which is production: whoever may/,
      ),
    ]);
    expect(problemsOf(environments(staging, production))[0]).toContain(at(key));
    // Neither is production: developers may do the same in both.
    expect(problemsOf(environments(staging, { ...production, production: false }))).toEqual([]);
    expect(problemsOf(environments({ ...staging, production: true }, production))).toEqual([]);
  });

  test("an account, where nothing else tells them apart", () => {
    const account = { accounts: ["111122223333"] };
    expect(problemsOf(environments(account, account))).toEqual([
      expect.stringContaining(
        `${at("accounts")}is of shop/production too, which is production, and nothing else tells`,
      ),
    ]);
    const own = (name: string) => ({ ...account, deployRoles: [role(name)] });
    expect(problemsOf(environments(account, own("b")))).toHaveLength(1);
    expect(problemsOf(environments(own("a"), own("b")))).toEqual([]);
    expect(problemsOf(environments(account, { accounts: ["444455556666"] }))).toEqual([]);
  });

  test("of another project as well", () => {
    const till = `  till:\n    environments: { trial: { deployRoles: ["${role("a")}"] } }\n`;
    expect(problemsOf(environments({}, { deployRoles: [role("a")] }) + till)).toEqual([
      expect.stringContaining(
        "gatebook.yml:12: projects.till.environments.trial.deployRoles[0]: is of shop/production",
      ),
    ]);
  });

  test.each([
    [secret("*-staging-*"), secret("*-prod-*")],
    [secret("shop/staging/*"), secret("shop/prod/*")],
    [secret("shop/prod?"), secret("shop/prod")],
    ["plain", "other"],
    ["a:b", "a:b:c"],
  ])("but not %s and %s, which names tell apart", (one, other) => {
    expect(problemsOf(environments({ secrets: [one] }, { secrets: [other] }))).toEqual([]);
  });

  test("also of two of the same kind, where one has roles of its own that would be the other's too", () => {
    const shared = { deployRoles: [role("shop-deploy")], production: true };
    const both = (roles: object) => problemsOf(environments({ ...shared, ...roles }, shared));
    expect(both({})).toEqual([]);
    expect(both({ roles: { developer: ["ana@acme.example"] } })).toEqual([
      expect.stringMatching(
        /^gatebook\.yml:10: projects\.shop\.environments\.production\.deployRoles\[0\]: is of shop\/staging too, and one of them has roles of its own: .* or give the roles on the project$/,
      ),
    ]);
    const account = { accounts: ["111122223333"], production: true };
    expect(problemsOf(environments({ ...account, roles: { developer: ["ana@acme.example"] } }, account))).toEqual([
      expect.stringContaining("and one of them has roles of its own, and nothing else tells them apart"),
    ]);
    const till = `  till:\n    environments: { live: ${JSON.stringify(account)} }\n`;
    const others = { roles: { developer: ["ana@acme.example"] }, ...account };
    expect(problemsOf(environments({}, others) + till)).toEqual([]);
  });

  test("but not two stages of one pipeline", () => {
    const of = (stage: string) => ({ pipelines: [pipeline(`shop-release/${stage}/*`)] });
    expect(problemsOf(environments(of("Staging"), of("Production")))).toEqual([]);
  });
});
