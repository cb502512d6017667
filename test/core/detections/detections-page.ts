/** docs/detections.md, made from rules/detections and from what the rules say of StreamAlert's tests: `npm run docs`. */
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { techniquesOf } from "../../../lib/core/detections/attack.ts";
import type { CorrelationRule } from "../../../lib/core/detections/correlation-rule.ts";
import { findingRules } from "../../../lib/core/detections/coverage.ts";
import type { Rule } from "../../../lib/core/detections/rule.ts";
import type { RuleSet } from "../../../lib/core/detections/rule-set.ts";
import { LEVELS } from "../../../lib/core/record/finding.ts";
import { hasStreamAlert, streamAlertVerdicts, type Verdict } from "./streamalert.ts";
import { DISAGREEMENTS, isAgreed } from "./streamalert-agreement.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
export const DETECTIONS_PAGE = path.join(ROOT, "docs/detections.md");
/** What was found where StreamAlert's tests lie, for where they do not. */
const VERDICTS = path.join(import.meta.dirname, "streamalert.jsonl");

const INTRODUCTION = `# Detections

The rules of \`rules/detections\`, made into this page by \`npm run docs\`. Each is a folder with a Sigma rule and its own examples: what it must match, and
near misses that it must not. \`gatebook rules test\` runs them, \`gatebook rules coverage\` says which delivery actions and techniques they cover, and
\`gatebook backtest --summary\` how many alerts they would have made of your own past.

- **Log source**: \`gatebook/access\` is the normalised record, whatever system it came from; the others are records as their source writes them.
- **Kind**: *together* counts or orders several events, *first time* fires on what was not seen before. *Staged* rules are counted and told to nobody.
- **Techniques** are those of MITRE ATT&CK.
`;

const STREAMALERT = `## Beside StreamAlert's rules

The tests of [StreamAlert](https://github.com/airbnb/streamalert) for CloudTrail and GitHub, by people who never saw these rules: what its rules and ours say
of the same events. Much in those events is left out (\`...\`). Where the two differ, a sentence says why.
`;

export function makeDetectionsPage(): string {
  const set = requireRules(path.join(ROOT, "rules/detections"));
  return [INTRODUCTION, ...rulesSections(set), STREAMALERT, streamAlertTable(readVerdicts())].join("\n");
}

export function readVerdicts(): Verdict[] {
  const lines = readFileSync(VERDICTS, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

function rulesSections(set: RuleSet): string[] {
  const rules = findingRules(set).sort((a, b) => (a.title < b.title ? -1 : 1));
  return LEVELS.toReversed().flatMap((level) => {
    const rows = rules.filter((rule) => rule.level === level).map((rule) => rowOf(rule, set));
    return rows.length === 0 ? [] : [`## ${level}: ${rows.length} rules\n`, `${RULES_HEAD}\n${rows.join("\n")}\n`];
  });
}

const RULES_HEAD = "| Rule | Log source | Kind | Techniques |\n| --- | --- | --- | --- |";

function rowOf(rule: Rule | CorrelationRule, set: RuleSet): string {
  const folder = path.relative(ROOT, path.dirname(rule.file));
  const techniques = techniquesOf(rule.tags).map((id) => `[${id}](${techniquePage(id)})`);
  const name = `[${rule.title}](../${folder}/rule.yml)`;
  return `| ${[name, sourcesOf(rule, set).join(", "), kindsOf(rule).join(", "), techniques.join(", ")].join(" | ")} |`;
}

function techniquePage(id: string): string {
  return `https://attack.mitre.org/techniques/${id.replace(".", "/")}/`;
}

function kindsOf(rule: Rule | CorrelationRule): string[] {
  return [
    ...("type" in rule ? ["together"] : []),
    ...("firstSeen" in rule && rule.firstSeen !== undefined ? ["first time"] : []),
    ...(rule.staged ? ["staged"] : []),
  ];
}

/** Of a correlation, those of the rules that it is made of. */
function sourcesOf(rule: Rule | CorrelationRule, set: RuleSet): string[] {
  if ("logsource" in rule) {
    const { product, service, category } = rule.logsource;
    return [`\`${[product, service, category].filter(Boolean).join("/")}\``];
  }
  const parts = rule.rules.flatMap((reference) =>
    [...set.rules, ...set.correlations].filter(({ id, name }) => id === reference || name === reference),
  );
  return [...new Set(parts.flatMap((part) => sourcesOf(part, set)))];
}

function streamAlertTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map((verdict) => {
    const { test, event, theirs, ours } = verdict;
    const expected = theirs.length === 0 ? "nothing" : theirs.map((rule) => `\`${rule}\``).join(", ");
    const found = ours.length === 0 ? "nothing" : ours.join("; ");
    return `| ${[`\`${test}\``, `\`${event}\``, expected, found, DISAGREEMENTS[test] ?? ""].join(" | ")} |`;
  });
  const agreed = verdicts.filter(isAgreed).length;
  const head = "| Their test | Event | StreamAlert | Gatebook | Why |\n| --- | --- | --- | --- | --- |";
  return `${agreed} of ${verdicts.length} agree.\n\n${head}\n${rows.join("\n")}\n`;
}

if (import.meta.main) {
  if (hasStreamAlert) {
    const lines = (await streamAlertVerdicts()).map((verdict) => `${JSON.stringify(verdict)}\n`);
    writeFileSync(VERDICTS, lines.join(""));
  }
  writeFileSync(DETECTIONS_PAGE, makeDetectionsPage());
}
