/** Where a thing belongs: by its account, and before that by what gatebook.yml says of the pipeline that it is of. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { placementOf, placesIn } from "../../../lib/core/configuration/placement.ts";

const ACCOUNT = "111122223333";
const pipeline = (name: string): string => `arn:aws:codepipeline:eu-west-1:${ACCOUNT}:${name}`;
const ARN = `arn:aws:codepipeline:*:${ACCOUNT}:`;

/** The pipelines of both environments run in the account of production. */
function placement(staging: string, production = ""): ReturnType<typeof placementOf> {
  const text = `
organisation: acme
alerts: { email: [security@acme.example] }
projects:
  shop:
    repositories: ["github:acme/shop"]
    pipelines: ["${ARN}shop-*"]
    environments:
      staging: { accounts: ["444455556666"]${staging} }
      production: { accounts: ["${ACCOUNT}"], secrets: ["arn:aws:secretsmanager:*:*:secret:shop/*"]${production} }
`;
  return placementOf(parseConfiguration(text, "gatebook.yml"));
}

const STAGES = placement(
  `, pipelines: ["${ARN}shop-release/Staging/*", "${ARN}shop-trial"]`,
  `, pipelines: ["${ARN}shop-release/Production/*"]`,
);
const approval = (stage: string) => [pipeline(`shop-release/${stage}/Approve`), pipeline("shop-release")];
const PRODUCTION = { projects: ["shop"], environments: ["shop/production"], production: true };
const STAGING = { projects: ["shop"], environments: ["shop/staging"], production: false };

describe("a pipeline's stage is of the environment that names it", () => {
  test.each([
    ["an approval in production", approval("Production"), PRODUCTION],
    ["an approval in staging, though its pipeline runs in production's account", approval("Staging"), STAGING],
    ["a stage that is tried again", [pipeline("shop-release/Staging"), pipeline("shop-release")], STAGING],
    ["a start of a pipeline that is all of one environment", [pipeline("shop-trial")], STAGING],
    ["an action of such a pipeline", [pipeline("shop-trial/Any/Approve"), pipeline("shop-trial")], STAGING],
    ["a start of a pipeline of which each has a stage", [pipeline("shop-release")], PRODUCTION],
    ["a stage that nobody names", approval("Build"), PRODUCTION],
    ["a stage whose name only begins so", approval("Staging2"), PRODUCTION],
  ])("%s", (_, uids, place) => {
    expect(STAGES(ACCOUNT, uids)).toEqual(place);
  });

  test("in whichever account it runs, or where none is told", () => {
    for (const account of [undefined, "999988887777", "444455556666"]) {
      expect(STAGES(account, approval("Production"))).toEqual(PRODUCTION);
    }
  });

  test("and what else is touched is where that is", () => {
    const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/prod/key";
    expect(STAGES(ACCOUNT, [...approval("Staging"), secret])).toEqual({
      ...{ projects: ["shop"], environments: ["shop/staging", "shop/production"], production: true },
    });
  });

  test("also of a pipeline that the project itself does not name", () => {
    const other = placement(`, pipelines: ["${ARN}till/Staging/*"]`);
    expect(other("999988887777", [pipeline("till/Staging/Approve")])).toEqual(STAGING);
    expect(other("999988887777", [pipeline("till/Production/Approve")])).toMatchObject({ projects: [] });
  });
});

test("without the key, the account says where a pipeline is, and the project has it besides", () => {
  const plain = placement("");
  for (const stage of ["Staging", "Production"]) expect(plain(ACCOUNT, approval(stage))).toEqual(PRODUCTION);
  expect(plain(undefined, approval("Staging"))).toEqual({ projects: ["shop"], environments: [], production: false });
});

test("what is in an environment is not asked about in its project again, and what is in none is", () => {
  expect(placesIn(PRODUCTION)).toEqual([{ project: "shop", environment: "production" }]);
  expect(placesIn({ projects: ["shop", "till"], environments: ["shop/staging"] })).toEqual([
    { project: "shop", environment: "staging" },
    { project: "till" },
  ]);
});

test("whatever text a resource has, one that names no stage of gatebook.yml leaves the account's word", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("*", "__proto__", `${ARN}shop-release`, pipeline("shop-release/"), pipeline("shop-trials")),
    fc.string({ unit: "binary" }).map((text) => `${pipeline("shop-release/staging")}${text}`),
    fc.string({ unit: "binary" }).map((text) => `${text} ${pipeline("shop-release/Staging/Approve")}`),
  );
  fc.assert(
    fc.property(hostile, (uid) => {
      expect(STAGES(ACCOUNT, [uid]).environments).toEqual(["shop/production"]);
    }),
  );
});
