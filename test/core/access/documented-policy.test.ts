/** The policy that docs/operations.md shows is one that a reader can take as it stands. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPolicies } from "../../../lib/adapters/cedar-policies.ts";
import { deciderFor, question } from "./asked-before.ts";
import { ACCESS_FOLDER, exampleAccess, ROOT } from "./example-access.ts";

test("it fits the schema, and gives its role what the text says", () => {
  const [, shown = ""] = /```cedar\n([^`]+)```/.exec(readFileSync(join(ROOT, "docs/operations.md"), "utf8")) ?? [];
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
