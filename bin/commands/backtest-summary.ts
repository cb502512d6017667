/** How loud each rule would have been, as lines to print. */
import { styleText } from "node:util";
import type { RuleOutlook } from "../../lib/core/alerting/expected-alerts.ts";
import { textTable } from "./text-table.ts";

const COLUMNS = [
  { heading: "ALERTS", align: "right" },
  { heading: "A WEEK", align: "right" },
  { heading: "MATCHES", align: "right" },
  { heading: "LEVEL" },
  { heading: "RULE" },
  { heading: "BY" },
] as const;

/** A table, or a line of JSON per rule; nothing where nothing matched. */
export function describeOutlook(outlook: readonly RuleOutlook[], json = false): string[] {
  if (json) return outlook.map(toLine);
  return outlook.length === 0 ? [] : [textTable(COLUMNS, outlook.map(cellsOf))];
}

/** Absent things are null, so that every line has the same keys. */
function toLine({ rule, perWeek, level, staged, matches, alerts, suppressed, belowLevel, by }: RuleOutlook): string {
  return JSON.stringify({
    rule: rule.id,
    title: rule.title,
    level,
    staged,
    matches,
    alerts,
    perWeek: perWeek === undefined ? null : Number(perWeek.toPrecision(2)),
    suppressed,
    belowLevel,
    by,
  });
}

function cellsOf(each: RuleOutlook): string[] {
  const { rule, perWeek, level, matches, alerts, by } = each;
  return [
    String(alerts),
    describeRate(perWeek),
    String(matches),
    level,
    [rule.title, ...notesOn(each)].join(" "),
    by.map(({ who, matches: theirs }) => `${who} ${theirs}`).join(", "),
  ];
}

function notesOn({ staged, suppressed, belowLevel }: RuleOutlook): string[] {
  const notes = [
    staged ? "staged: nobody would have been told" : "",
    suppressed > 0 ? `${suppressed} suppressed` : "",
    belowLevel > 0 ? `${belowLevel} below alerts.minimumLevel` : "",
  ];
  return notes.filter(Boolean).map((note) => styleText("yellow", `(${note})`));
}

function describeRate(perWeek: number | undefined): string {
  if (perWeek === undefined) return "-";
  return perWeek > 0 && perWeek < 0.1 ? "<0.1" : perWeek.toFixed(1);
}
