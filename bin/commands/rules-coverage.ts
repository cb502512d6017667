/** `gatebook rules coverage`: which delivery actions and which techniques have a rule, and what proves it. */
import { styleText } from "node:util";
import { Command } from "commander";
import { readExamples, readRules } from "../../lib/adapters/rule-files.ts";
import { type CoverageRow, coverageOf, findingRules, type ProvenRule } from "../../lib/core/detections/coverage.ts";
import type { ExampleWorld } from "../../lib/core/detections/example.ts";
import { exampleActions, type ProvenAction } from "../../lib/core/detections/example-actions.ts";
import type { RuleSet } from "../../lib/core/detections/rule-set.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { CONFIG_OPTION, exampleWorld } from "./example-world.ts";
import { type Complaints, createComplaints } from "./input.ts";
import { textTable } from "./text-table.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- rules coverage
  $ npm run -s gatebook -- rules coverage --json | jq -r 'select(.kind == "action" and .rules == []) | .name'

A match event is one of a rule's match/ folder on which it fires, counted for the action that Gatebook gives it. Access policies are no rules:
policy test. JSON lines: { kind: action | technique, name, title?, rules: [{ id, title, staged? }], events, drills: [] }.
Exit code 0, whatever is not covered; 2 if a rule or an example could not be read (the others are counted).`;

export function rulesCoverageCommand(): Command {
  return new Command("coverage")
    .description("show which delivery actions and which MITRE techniques have a rule, and what proves that it works")
    .argument("[dir]", "folder of rules", "rules/detections")
    .option(...CONFIG_OPTION)
    .option("--json", "one JSON line per action and per technique")
    .addHelpText("after", EXAMPLES)
    .action(showCoverage);
}

async function showCoverage(directory: string, { config, json }: { config?: string; json?: boolean }): Promise<void> {
  const complaints = createComplaints();
  const world = exampleWorld(config);
  const { set, problems } = readRules(directory);
  for (const { file, line, reason } of problems) complaints.add({ at: file, problem: `line ${line}: ${reason}` });
  const proven: ProvenRule[] = [];
  for (const [file, rules] of Map.groupBy(findingRules(set), (rule) => rule.file)) {
    const actions = await readActions(file, set, world, complaints);
    proven.push(...rules.map((rule) => ({ rule, actions: actions.get(rule.id) ?? [] })));
  }
  const rows = coverageOf(proven);
  if (json) for (const row of rows) console.log(JSON.stringify(row));
  else console.log(describe(rows));
  console.error(summarise(proven, rows));
  if (complaints.count() > 0) process.exitCode = 2;
}

async function readActions(
  file: string,
  rules: RuleSet,
  world: ExampleWorld,
  complaints: Complaints,
): Promise<ReadonlyMap<string, readonly ProvenAction[]>> {
  try {
    return await exampleActions({ file, rules, match: readExamples(file).match }, world);
  } catch (error) {
    if (!(error instanceof GatebookError)) throw error;
    complaints.add({ at: file, problem: error.message });
    return new Map();
  }
}

function describe(rows: readonly CoverageRow[]): string {
  const [actions, techniques] = (["action", "technique"] as const).map((kind) =>
    rows.filter((row) => row.kind === kind).map(cellsOf),
  );
  const numbers = [
    { heading: "RULES", align: "right" },
    { heading: "MATCH EVENTS", align: "right" },
    { heading: "DRILL" },
  ] as const;
  const tables = [
    textTable([{ heading: "DELIVERY ACTION" }, ...numbers], actions ?? []),
    textTable([{ heading: "TECHNIQUE" }, ...numbers, { heading: "NAME" }], techniques ?? []),
  ];
  return tables.join("\n\n");
}

function cellsOf({ name, title = "", rules, events, drills }: CoverageRow): string[] {
  const staged = rules.filter((rule) => rule.staged).length;
  const onTrial = staged === 0 ? "" : ` (${staged} staged)`;
  const drill = drills.length === 0 ? styleText("dim", "none") : drills.join(", ");
  // A rule on trial tells nobody.
  const isCovered = rules.length > staged;
  return [
    isCovered ? name : styleText("red", name),
    isCovered ? `${rules.length}${onTrial}` : styleText("red", `NO RULE${onTrial}`),
    String(events),
    drill,
    title,
  ];
}

function summarise(proven: readonly ProvenRule[], rows: readonly CoverageRow[]): string {
  const covered = (kind: CoverageRow["kind"]): CoverageRow[] =>
    rows.filter((row) => row.kind === kind && row.rules.length > 0);
  const actions = rows.filter(({ kind }) => kind === "action").length;
  const untold = proven.flatMap((rule) => rule.actions).filter((action) => action === undefined).length;
  const drilled = rows.filter(({ drills }) => drills.length > 0).length;
  const unproven = proven.filter((rule) => rule.actions.length === 0);
  const lines = [
    ...unproven.map(
      ({ rule }) => `${rule.file}: no match event trips "${rule.title}", so nothing shows what it covers`,
    ),
    `${proven.length} rules cover ${covered("action").length} of ${actions} delivery actions and ${covered("technique").length} techniques; ${drilled} have a drill`,
  ];
  if (untold > 0) lines.push(`${untold} match events are records whose delivery action cannot be told`);
  return lines.join("\n");
}
