/** The stack with a gate that answers a GitHub of the test's own. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { MAIN_STACK } from "../../bin/commands/running-stack.ts";
import { readPolicies } from "../../lib/adapters/cedar-policies.ts";
import { requireRules } from "../../lib/adapters/rule-files.ts";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { SETTINGS_FILE } from "../../lib/core/settings.ts";
import { FEATURE_FLAGS } from "../../lib/infra/feature-flags.ts";
import { GatebookStack } from "../../lib/infra/gatebook-stack.ts";

/** @returns the cloud assembly's folder */
export function synthesiseGate(folder: string, gate: string, change: (text: string) => string): string {
  const assembly = join(folder, "cdk.out");
  const text = `${change(readFileSync("gatebook.yml", "utf8"))}\n${gate}\n`;
  const configuration = parseConfiguration(text, "gatebook.yml");
  const settings = { configuration, rules: requireRules("rules/detections"), access: readPolicies("rules/access") };
  mkdirSync(assembly, { recursive: true });
  const file = join(assembly, SETTINGS_FILE);
  writeFileSync(file, JSON.stringify(settings));
  const app = new App({ context: FEATURE_FLAGS, outdir: assembly });
  new GatebookStack(app, MAIN_STACK, { configuration, settings: file });
  app.synth();
  return assembly;
}
