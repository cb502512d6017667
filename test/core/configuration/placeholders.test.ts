/** Every placeholder is there, and holds what events have. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { placeholdersOf } from "../../../lib/core/configuration/placeholders.ts";

const MINIMAL = "organisation: acme\nalerts: { email: [security@acme.example] }\n";
const placeholders = (more = "") => placeholdersOf(parseConfiguration(MINIMAL + more, "gatebook.yml"));

test("of an organisation that says nothing, all but the protected branches are empty", () => {
  expect(placeholders()).toEqual({
    deploy_roles: [],
    production_deploy_roles: [],
    pipelines: [],
    production_accounts: [],
    secrets: [],
    production_secrets: [],
    secret_readers: [],
    break_glass: [],
    repositories: [],
    oidc_subjects: [],
    protected_branches: ["main", "master", "release/*"],
    leavers: [],
  });
});

test("of the examples' organisation, production is told from the rest and roles have their sessions", () => {
  const file = "rules/example-organisation.yml";
  expect(placeholdersOf(parseConfiguration(readFileSync(file, "utf8"), file))).toEqual({
    deploy_roles: ["arn:aws:iam::111122223333:role/shop-deploy", "arn:aws:iam::444455556666:role/shop-staging-deploy"],
    production_deploy_roles: ["arn:aws:iam::111122223333:role/shop-deploy"],
    pipelines: ["arn:aws:codepipeline:*:111122223333:shop-*"],
    production_accounts: ["111122223333"],
    secrets: [
      "arn:aws:secretsmanager:*:111122223333:secret:shop/prod/*",
      "arn:aws:secretsmanager:*:444455556666:secret:shop/staging/*",
    ],
    production_secrets: ["arn:aws:secretsmanager:*:111122223333:secret:shop/prod/*"],
    secret_readers: [
      "arn:aws:iam::111122223333:role/shop-deploy",
      "arn:aws:sts::111122223333:assumed-role/shop-deploy/*",
      "arn:aws:iam::111122223333:role/shop-app",
      "arn:aws:sts::111122223333:assumed-role/shop-app/*",
      "arn:aws:iam::444455556666:role/shop-staging-deploy",
      "arn:aws:sts::444455556666:assumed-role/shop-staging-deploy/*",
    ],
    break_glass: ["arn:aws:iam::111122223333:role/break-glass", "arn:aws:sts::111122223333:assumed-role/break-glass/*"],
    repositories: ["acme/shop"],
    oidc_subjects: ["repo:acme/shop:*", "project_path:acme/shop:*"],
    protected_branches: ["main", "master", "release/*"],
    leavers: [
      "cy@acme.example",
      "github:cynovak",
      "gitlab:cynovak",
      "arn:aws:iam::111122223333:user/cy",
      "sso:cy@acme.example",
    ],
  });
});

test.each([
  ["Prod", "", ["111122223333"]],
  ["live", "production: true, ", ["111122223333"]],
  ["production", "production: false, ", []],
  ["staging", "", []],
])("an environment %s { %s} is of production as its key says, or its name", (name, production, expected) => {
  const environment = `${name}: { ${production}accounts: ["111122223333"] }`;
  expect(placeholders(`projects: { shop: { environments: { ${environment} } } }\n`)["production_accounts"]).toEqual(
    expected,
  );
});

test("a role's session has no path, and what is no role has no session", () => {
  const given = [
    "arn:aws-cn:iam::111122223333:role/ops/break/*-glass",
    "arn:aws:iam::111122223333:user/glass",
    "sso:root",
  ];
  expect(placeholders(`breakGlass: ${JSON.stringify(given)}\n`)["break_glass"]).toEqual([
    given[0],
    "arn:aws-cn:sts::111122223333:assumed-role/*-glass/*",
    given[1],
    given[2],
  ]);
});

test("a repository on AWS is an ARN, whose jobs have no subject", () => {
  const more =
    'projects: { shop: { repositories: ["arn:aws:codecommit:eu-west-1:111122223333:shop", "github:Acme/Shop"] } }\n';
  expect(placeholders(more)).toMatchObject({
    repositories: ["arn:aws:codecommit:eu-west-1:111122223333:shop", "Acme/Shop"],
    oidc_subjects: ["repo:Acme/Shop:*"],
  });
});

test("lists of the organisation's own stand beside these", () => {
  const own = placeholders("detections: { placeholders: { build_hosts: [10.0.0.1, 10.0.0.2], none: [] } }\n");
  expect(own).toMatchObject({ build_hosts: ["10.0.0.1", "10.0.0.2"], none: [], pipelines: [] });
});

test("a list named like what every object has is a list of that name and no other", () => {
  const own = placeholders("detections: { placeholders: { constructor: [x], __proto__: [y] } }\n");
  expect(own["constructor"]).toEqual(["x"]);
  expect(Object.hasOwn(own, "__proto__")).toBe(false);
  expect(Object.getPrototypeOf(own)).toBe(Object.prototype);
});
