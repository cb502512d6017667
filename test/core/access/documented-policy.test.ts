/** The policy and the roles that docs/operations.md shows are such as a reader can take as they stand. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPolicies } from "../../../lib/adapters/cedar-policies.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { placementOf, placesIn } from "../../../lib/core/configuration/placement.ts";
import { deciderFor, question } from "./asked-before.ts";
import { ACCESS_FOLDER, exampleAccess, ROOT } from "./example-access.ts";

const PAGE = readFileSync(join(ROOT, "docs/operations.md"), "utf8");

test("it fits the schema, and gives its role what the text says", () => {
  const [, shown = ""] = /```cedar\n([^`]+)```/.exec(PAGE) ?? [];
  const folder = mkdtempSync(join(tmpdir(), "gatebook-documented-"));
  cpSync(ACCESS_FOLDER, folder, { recursive: true });
  writeFileSync(join(folder, "own.cedar"), shown);
  const policies = readPolicies(folder);
  rmSync(folder, { recursive: true });

  const { configuration } = exampleAccess();
  const { shop } = configuration.projects;
  if (shop === undefined) throw new Error("the example has no shop");
  const roles = { ...shop.roles, pilot: ["gil@acme.example"] };
  const decide = deciderFor(policies)({ ...configuration, projects: { shop: { ...shop, roles } } });
  const asked = question("gil", "deploy.start", "shop/production", { businessHours: false });
  expect(decide(asked)).toMatchObject({ outcome: "allow", policies: ["pilots-deploy-at-night"] });
  expect(decide(question("rae", "deploy.start", "shop/production")).outcome).toBe("deny");
});

test("the roles in environments that it shows are read, and are what the text says of them", () => {
  const [, shown = ""] = /### Give a role in one environment\n```yaml\n([^`]+)```/.exec(PAGE) ?? [];
  const people = ["ana", "bo"].map((name) => `{ email: ${name}@acme.example, name: x }`).join(", ");
  const head = `organisation: acme\nalerts: { email: [security@acme.example] }\npeople: [${people}]\n`;
  const configuration = parseConfiguration(`${head}teams: { shop: [ana@acme.example] }\n${shown}`, "gatebook.yml");
  const decide = deciderFor()(configuration);
  const approves = (name: string, stage: string): string => {
    const arn = `arn:aws:codepipeline:eu-west-1:111122223333:shop-release/${stage}`;
    const [place] = placesIn(placementOf(configuration)("111122223333", [arn]));
    if (place === undefined) throw new Error(`${stage} is nowhere`);
    return decide({ ...question(name, "pipeline.approve", "shop"), place }).outcome;
  };
  const stages = ["Staging/Approve", "Production/Approve", "Build/Approve"];
  expect(stages.map((stage) => approves("ana", stage))).toEqual(["allow", "deny", "deny"]);
  expect(stages.map((stage) => approves("bo", stage))).toEqual(["deny", "allow", "deny"]);
});
