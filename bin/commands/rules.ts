/** `gatebook rules test`: each rule against its own examples. */
import { styleText } from "node:util";
import { Command } from "commander";
import { listRuleFiles, readRuleWithEvents } from "../../lib/adapters/rule-files.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { placeholdersOf } from "../../lib/core/configuration/placeholders.ts";
import { type RuleFailure, testRule } from "../../lib/core/detections/test-rule.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { readConfiguration } from "./input.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- rules test
  $ npm run -s gatebook -- rules test rules/detections/trail-stopped-or-deleted

A rule's folder holds rule.yml, match/*.json (events that it must match) and ignore/*.json (near misses that it must not).
Exit code 1 if a rule fails its examples or has none on either side.`;

export function rulesCommand(): Command {
  const test = new Command("test")
    .description("run each rule against the events of its match/ and ignore/ folders")
    .argument("[dir]", "folder of rules", "rules/detections")
    .option("--config <file>", "fills the rules' placeholders", "gatebook.yml")
    .option("--json", "one JSON line per rule")
    .addHelpText("after", EXAMPLES)
    .action(testRules);
  return new Command("rules").description("work on detection rules").addCommand(test);
}

interface Outcome {
  readonly file: string;
  readonly title?: string;
  readonly events: number;
  readonly failures: readonly RuleFailure[];
}

function testRules(directory: string, { config, json }: { config: string; json?: boolean }): void {
  const configuration = readConfiguration(config);
  const outcomes = listRuleFiles(directory).map((file) => testOne(file, configuration));
  for (const outcome of outcomes) console.log(json ? JSON.stringify(outcome) : describe(outcome));
  const failed = outcomes.filter(({ failures }) => failures.length > 0).length;
  console.error(`${outcomes.length - failed} rules fine, ${failed} not`);
  if (failed > 0) process.exitCode = 1;
}

function testOne(file: string, configuration: Configuration): Outcome {
  try {
    const { rule, match, ignore } = readRuleWithEvents(file);
    const failures = testRule({ rule, match, ignore }, placeholdersOf(configuration));
    return { file, title: rule.title, events: match.length + ignore.length, failures };
  } catch (error) {
    // A rule that does not parse is one failed rule among others.
    if (!(error instanceof GatebookError)) throw error;
    return { file, events: 0, failures: [{ file, message: error.message }] };
  }
}

function describe({ file, title, events, failures }: Outcome): string {
  if (failures.length === 0) return `${styleText("green", "ok  ")} ${title} (${events} events)`;
  const lines = failures.map((failure) => `       ${failure.file}: ${failure.message}`);
  return [`${styleText("red", "FAIL")} ${title ?? file}`, ...lines].join("\n");
}
