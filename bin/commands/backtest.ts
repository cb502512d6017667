/** `gatebook backtest`: what the rules would have said of recorded events. */
import { styleText } from "node:util";
import { Command } from "commander";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import { readRules } from "../../lib/adapters/rule-files.ts";
import { expectAlerts } from "../../lib/core/alerting/expected-alerts.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { placeholdersOf } from "../../lib/core/configuration/placeholders.ts";
import type { RuleSet } from "../../lib/core/detections/rule-set.ts";
import { usableRules } from "../../lib/core/detections/usable-rules.ts";
import { createRecorder } from "../../lib/core/record/recorder.ts";
import { type Backtested, type BacktestMatch, spanOf } from "./backtest-match.ts";
import { backtestRaw } from "./backtest-raw.ts";
import { describeOutlook } from "./backtest-summary.ts";
import { type Complaints, createComplaints, readArrivals, readConfiguration } from "./input.ts";
import { POLICY_FOLDER, policyWorld } from "./policy-world.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- backtest trail/ --json
  $ npm run -s gatebook -- backtest trail/ --rules ../sigma/rules/cloud/aws
  $ npm run -s gatebook -- backtest trail/ --summary
  $ npm run -s gatebook -- backtest audit.jsonl --rules ../sigma/rules/application/github --logsource github/audit

Prints one match a line, in time order, and on standard error how loud each rule would have been: mails after the merging that alerts go
through (alerts in gatebook.yml: repeatAfterMinutes, minimumLevel, suppressions), per week, and who made the most matches. --summary prints that
instead of the matches, and with --json a line per rule: { rule, title, level, staged, matches, alerts, perWeek, suppressed, belowLevel, by }.
With --logsource every JSON object is taken as a raw record of that Sigma log source, and only rules for it run.
Exit code 0: no match; 1: matches; 2: something could not be read or a rule cannot be run (the rest still is).`;

const RULES_FOLDER = "rules/detections";

interface Options {
  readonly rules?: string;
  readonly policies?: string;
  readonly config: string;
  readonly logsource?: string;
  readonly summary?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export function backtestCommand(): Command {
  return new Command("backtest")
    .description("run detections over recorded events, in time order")
    .argument(
      "<path...>",
      "files or folders: .json, .jsonl, .gz; CloudTrail, EventBridge, webhooks with their headers or without",
    )
    .option("--rules <dir>", `Sigma rules (default: ${RULES_FOLDER}, and the access policies beside them)`)
    .option("--policies <dir>", `access policies (default: ${POLICY_FOLDER}, where --rules is not given)`)
    .option("--config <file>", "what the organisation calls normal", "gatebook.yml")
    .option("--logsource <product/service/category>", "take every object as a raw record of this log source")
    .option("--summary", "how many alerts each rule would have made, instead of the matches")
    .option("--json", "JSON lines")
    .addHelpText("after", EXAMPLES)
    .action(backtest);
}

async function backtest(
  paths: string[],
  { rules: directory, config, logsource, summary, json, ...given }: Options,
): Promise<void> {
  const complaints = createComplaints();
  const configuration = readConfiguration(config);
  const rules = readUsableRules(directory ?? RULES_FOLDER, configuration, complaints);
  // Whoever asks about rules of their own asks about nothing else.
  const policies = given.policies ?? (directory === undefined ? POLICY_FOLDER : undefined);
  const found =
    logsource === undefined
      ? await backtestEvents(paths, { configuration, rules, config, policies }, complaints)
      : await backtestRaw(paths, { configuration, rules, logsource }, complaints);
  print(found, configuration, { summary, json });
  const { matches } = found;
  console.error(`${rules.rules.length} rules, ${matches.length} matches, ${complaints.count()} problems`);
  process.exitCode = complaints.count() > 0 ? 2 : Math.min(matches.length, 1);
}

function print(
  { matches, findings, span }: Backtested,
  configuration: Configuration,
  { summary, json }: Pick<Options, "summary" | "json">,
): void {
  const outlook = expectAlerts(findings, configuration, span);
  if (summary) {
    for (const line of describeOutlook(outlook, json)) console.log(line);
    return;
  }
  for (const match of matches) console.log(json ? JSON.stringify(match) : describe(match));
  for (const line of describeOutlook(outlook)) console.error(line);
}

/** A rule that cannot be run is said, and the others run. */
function readUsableRules(directory: string, configuration: Configuration, complaints: Complaints): RuleSet {
  const read = readRules(directory);
  const { set, problems } = usableRules(read.set, placeholdersOf(configuration));
  for (const { file, line, reason } of [...read.problems, ...problems]) {
    complaints.add({ at: file, problem: `line ${line}: ${reason}` });
  }
  return set;
}

interface BacktestSettings {
  readonly configuration: Configuration;
  readonly rules: RuleSet;
  /** The configuration's file. */
  readonly config: string;
  /** Folder of access policies; undefined for none. */
  readonly policies: string | undefined;
}

async function backtestEvents(
  paths: string[],
  { configuration, rules, config, policies }: BacktestSettings,
  complaints: Complaints,
): Promise<Backtested> {
  // All at once, as one batch: then every event knows the others of its delivery, and they are judged in the order of their time.
  const access = policies === undefined ? undefined : policyWorld({ config, policies }).control;
  const settings = { configuration, rules };
  const record = createRecorder({ settings, index: memoryEventIndex(), ...(access !== undefined && { access }) });
  const { recorded, rejected } = await record([...readArrivals(paths, complaints)]);
  for (const { id, reason } of rejected) complaints.addRecord({ at: id, problem: reason });
  const matches = recorded.flatMap(({ id, record: { findings } }) =>
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
  return {
    matches,
    findings: recorded.flatMap((each) => each.record.findings),
    span: spanOf(recorded.map((each) => each.record.event.time)),
  };
}

function describe({ at, title, level, time, principal, resource }: BacktestMatch): string {
  const colour = level === "critical" || level === "high" ? "red" : "yellow";
  return [time ?? "", styleText(colour, level), title, principal ?? "", resource ?? "", styleText("dim", at)].join(
    "  ",
  );
}
