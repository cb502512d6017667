/** The policies of rules/access with the example organisation, for tests and for the page that is made of them. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { cedarEngine } from "../../../lib/adapters/cedar-engine.ts";
import { readPolicies } from "../../../lib/adapters/cedar-policies.ts";
import { accessEntities } from "../../../lib/core/access/access-entities.ts";
import type { AccessQuestion } from "../../../lib/core/access/access-question.ts";
import { createDecider } from "../../../lib/core/access/decide-access.ts";
import { ORDINARY } from "../../../lib/core/access/permissions.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";

export const ROOT = path.resolve(import.meta.dirname, "../../..");
export const ACCESS_FOLDER = path.join(ROOT, "rules/access");

export function exampleAccess() {
  const file = path.join(ROOT, "rules/example-organisation.yml");
  const configuration = parseConfiguration(readFileSync(file, "utf8"), file);
  const { schema, policies } = readPolicies(ACCESS_FOLDER);
  const decide = createDecider(policies, cedarEngine({ schema, policies }, accessEntities(configuration)));
  return { configuration, schema, policies, decide };
}

export const REMY_APPROVES: AccessQuestion = {
  principal: { type: "Person", id: "remy@acme.example", left: false },
  action: "pipeline.approve",
  place: { project: "shop", environment: "production" },
  context: ORDINARY,
};
