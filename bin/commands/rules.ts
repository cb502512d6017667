/** `gatebook rules`: each rule against its own examples, and what they cover together. */
import { existsSync } from "node:fs";
import { styleText } from "node:util";
import { Command } from "commander";
import { readPolicies } from "../../lib/adapters/cedar-policies.ts";
import { readExamples, readRules } from "../../lib/adapters/rule-files.ts";
import { reportableDenials } from "../../lib/core/access/judge-access.ts";
import type { ExampleWorld } from "../../lib/core/detections/example.ts";
import type { RuleReading, RuleSet } from "../../lib/core/detections/rule-set.ts";
import { type RuleFailure, testRule } from "../../lib/core/detections/test-rule.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { CONFIG_OPTION, EXAMPLE_ORGANISATION, exampleWorld } from "./example-world.ts";
import { POLICY_FOLDER } from "./policy-world.ts";
import { rulesCoverageCommand } from "./rules-coverage.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- rules test
  $ npm run -s gatebook -- rules test rules/detections/trail-stopped-or-deleted

A rule's folder holds rule.yml, match/*.json (what it must match) and ignore/*.json (near misses that it must not). A file is one record, a
list of records in the order of their time, or { "messages": [...] } as their sources send them. The examples are about the organisation of
${EXAMPLE_ORGANISATION}, where there is one. Exit code 1 if a rule fails its examples or has none on either side.`;

export function rulesCommand(): Command {
  const test = new Command("test")
    .description("run each rule against the events of its match/ and ignore/ folders")
    .argument("[dir]", "folder of rules", "rules/detections")
    .option(...CONFIG_OPTION)
    .option("--json", "one JSON line per rule")
    .addHelpText("after", EXAMPLES)
    .action(testRules);
  return new Command("rules")
    .description("work on detection rules")
    .addCommand(test)
    .addCommand(rulesCoverageCommand());
}

interface Outcome {
  readonly file: string;
  readonly title?: string;
  readonly events: number;
  readonly failures: readonly RuleFailure[];
}

async function testRules(directory: string, { config, json }: { config?: string; json?: boolean }): Promise<void> {
  const world = exampleWorld(config);
  const { set, problems } = readRules(directory, knownPolicies());
  const broken = problems.map(({ file, line, reason }) => ({
    file,
    events: 0,
    failures: [{ file: `${file}:${line}`, message: reason }],
  }));
  const files = [...new Set([...set.rules, ...set.correlations].map(({ file }) => file))];
  const outcomes: Outcome[] = [...broken];
  for (const file of files) outcomes.push(await testOne(file, set, world));
  for (const outcome of outcomes) console.log(json ? JSON.stringify(outcome) : describe(outcome));
  const failed = outcomes.filter(({ failures }) => failures.length > 0).length;
  console.error(`${outcomes.length - failed} rules fine, ${failed} not`);
  if (failed > 0) process.exitCode = 1;
}

/** A pack of rules may be tested where there is no access policy: then what it says of policies is not checked. */
function knownPolicies(): RuleReading {
  return existsSync(POLICY_FOLDER) ? { policies: reportableDenials(readPolicies(POLICY_FOLDER).policies) } : {};
}

async function testOne(file: string, rules: RuleSet, world: ExampleWorld): Promise<Outcome> {
  const title = [...rules.rules, ...rules.correlations].find((rule) => rule.file === file)?.title ?? file;
  try {
    const { match, ignore } = readExamples(file);
    const failures = await testRule({ file, rules, match, ignore }, world);
    return { file, title, events: match.length + ignore.length, failures };
  } catch (error) {
    // A rule that cannot be run is one failed rule among others.
    if (!(error instanceof GatebookError)) throw error;
    return { file, title, events: 0, failures: [{ file, message: error.message }] };
  }
}

function describe({ file, title, events, failures }: Outcome): string {
  if (failures.length === 0) return `${styleText("green", "ok  ")} ${title} (${events} events)`;
  const lines = failures.map((failure) => `       ${failure.file}: ${failure.message}`);
  return [`${styleText("red", "FAIL")} ${title ?? file}`, ...lines].join("\n");
}
