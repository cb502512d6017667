/** `gatebook backtest`: what the rules would have said of recorded events. */
import { styleText } from "node:util";
import { Command } from "commander";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import { listRuleFiles, readRule } from "../../lib/adapters/rule-files.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { placeholdersOf } from "../../lib/core/configuration/placeholders.ts";
import { compileRule } from "../../lib/core/detections/compile-rule.ts";
import type { Rule } from "../../lib/core/detections/rule.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { createRecorder } from "../../lib/core/record/recorder.ts";
import type { BacktestMatch } from "./backtest-match.ts";
import { backtestRaw } from "./backtest-raw.ts";
import { type Complaints, createComplaints, readArrivals, readConfiguration } from "./input.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- backtest trail/ --json
  $ npm run -s gatebook -- backtest trail/ --rules ../sigma/rules/cloud/aws
  $ npm run -s gatebook -- backtest audit.jsonl --rules ../sigma/rules/application/github --logsource github/audit

Prints one match a line, in time order. With --logsource every JSON object is taken as a raw record of that Sigma log source, and only
rules for it run. Exit code 0: no match; 1: matches; 2: something could not be read or a rule cannot be run (the rest still is).`;

interface Options {
  readonly rules: string;
  readonly config: string;
  readonly logsource?: string;
  readonly json?: boolean;
}

export function backtestCommand(): Command {
  return new Command("backtest")
    .description("run detections over recorded events, in time order")
    .argument(
      "<path...>",
      "files or folders: .json, .jsonl, .gz; CloudTrail, EventBridge, webhooks with their headers or without",
    )
    .option("--rules <dir>", "Sigma rules", "rules/detections")
    .option("--config <file>", "what the organisation calls normal", "gatebook.yml")
    .option("--logsource <product/service>", "take every object as a raw record of this log source")
    .option("--json", "JSON lines")
    .addHelpText("after", EXAMPLES)
    .action(backtest);
}

async function backtest(paths: string[], { rules: directory, config, logsource, json }: Options): Promise<void> {
  const complaints = createComplaints();
  const configuration = readConfiguration(config);
  const rules = readRules(directory, configuration, complaints);
  const matches =
    logsource === undefined
      ? await backtestEvents(paths, { configuration, rules }, complaints)
      : backtestRaw(paths, { configuration, rules, logsource }, complaints);
  for (const match of matches) console.log(json ? JSON.stringify(match) : describe(match));
  console.error(`${rules.length} rules, ${matches.length} matches, ${complaints.count()} problems`);
  process.exitCode = complaints.count() > 0 ? 2 : Math.min(matches.length, 1);
}

/** A rule that cannot be run is said, and the others run. */
function readRules(directory: string, configuration: Configuration, complaints: Complaints): Rule[] {
  const placeholders = placeholdersOf(configuration);
  return listRuleFiles(directory).flatMap((file) => {
    try {
      const rule = readRule(file);
      compileRule(rule, placeholders);
      return [rule];
    } catch (error) {
      if (!(error instanceof GatebookError)) throw error;
      complaints.add({ at: file, problem: error.message.replace(`${file}:`, "line ") });
      return [];
    }
  });
}

async function backtestEvents(
  paths: string[],
  settings: { configuration: Configuration; rules: Rule[] },
  complaints: Complaints,
): Promise<BacktestMatch[]> {
  // All at once, as one batch: then every event knows the others of its delivery, and they are judged in the order of their time.
  const record = createRecorder({ settings, index: memoryEventIndex() });
  const { recorded, rejected } = await record([...readArrivals(paths, complaints)]);
  for (const { id, reason } of rejected) complaints.addRecord({ at: id, problem: reason });
  return recorded.flatMap(({ id, record: { findings } }) =>
    findings.map(({ event, rule, level, time, principal, resource }) => ({
      at: id,
      event,
      rule: rule.id,
      title: rule.title,
      level,
      time: new Date(time).toISOString(),
      principal,
      resource: resource ?? null,
    })),
  );
}

function describe({ at, title, level, time, principal, resource }: BacktestMatch): string {
  const colour = level === "critical" || level === "high" ? "red" : "yellow";
  return [time ?? "", styleText(colour, level), title, principal ?? "", resource ?? "", styleText("dim", at)].join(
    "  ",
  );
}
