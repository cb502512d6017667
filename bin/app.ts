/** The CDK app: reads gatebook.yml and the rules, checks both, and builds the stack. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { readPolicies } from "../lib/adapters/cedar-policies.ts";
import { requireRules } from "../lib/adapters/rule-files.ts";
import { denialRules, reportableDenials } from "../lib/core/access/judge-access.ts";
import { findUnknownRoles } from "../lib/core/access/unknown-roles.ts";
import { findUnknownRules } from "../lib/core/alerting/unknown-rules.ts";
import { parseConfiguration } from "../lib/core/configuration/parse-configuration.ts";
import { placeholdersOf } from "../lib/core/configuration/placeholders.ts";
import { stackProblems } from "../lib/core/detections/correlation/stack-limits.ts";
import { refuseProblems } from "../lib/core/detections/rule-problem.ts";
import { usableRules } from "../lib/core/detections/usable-rules.ts";
import { GatebookError } from "../lib/core/errors.ts";
import { SETTINGS_FILE, type Settings } from "../lib/core/settings.ts";
import { FEATURE_FLAGS } from "../lib/infra/feature-flags.ts";
import { addForwarders } from "../lib/infra/forwarders.ts";
import { GatebookStack } from "../lib/infra/gatebook-stack.ts";
import { addWitness } from "../lib/infra/witness-stack.ts";

const CONFIGURATION_FILE = "gatebook.yml";
const RULES_FOLDER = "rules/detections";
const POLICIES_FOLDER = "rules/access";

try {
  const app = new App({ context: FEATURE_FLAGS });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const settings = readSettings();
  const file = join(app.outdir, SETTINGS_FILE);
  mkdirSync(app.outdir, { recursive: true });
  writeFileSync(file, JSON.stringify(settings));
  new GatebookStack(app, "Gatebook", {
    description: "Gatebook: access audit for software delivery pipelines",
    configuration: settings.configuration,
    settings: file,
  });
  addForwarders(app, settings.configuration);
  addWitness(app, settings.configuration);
  app.synth();
} catch (error) {
  if (!(error instanceof GatebookError)) throw error;
  // A mistake in a file that a person edits: the message says where, a stack trace would bury it.
  console.error(error.message);
  process.exitCode = 1;
}

function readSettings(): Settings {
  if (!existsSync(CONFIGURATION_FILE)) {
    const advice = "run this where it is, or write one: two keys are enough, organisation and alerts.email";
    throw new GatebookError("CONFIGURATION_INVALID", `${CONFIGURATION_FILE}: is missing; ${advice}`);
  }
  const access = readPolicies(POLICIES_FOLDER);
  const rules = requireRules(RULES_FOLDER, { policies: reportableDenials(access.policies) });
  const named = [...rules.rules, ...rules.correlations, ...denialRules(access.policies)];
  const text = readFileSync(CONFIGURATION_FILE, "utf8");
  const configuration = parseConfiguration(text, CONFIGURATION_FILE, (parsed) => [
    ...findUnknownRules(parsed, named),
    ...findUnknownRoles(parsed, access.policies),
  ]);
  // Compiled here to be thrown away: a placeholder that gatebook.yml cannot fill is found before it is deployed.
  refuseProblems(stackProblems(rules));
  refuseProblems(usableRules(rules, placeholdersOf(configuration)).problems);
  return { configuration, rules, access };
}
