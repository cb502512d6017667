/** Many findings as one mail. */
import { type Finding, LEVELS, type Level } from "../record/finding.ts";
import type { Alert } from "./format-alert.ts";
import {
  describeMoment,
  describeWhen,
  MAX_LISTED_CHARACTERS,
  type MailSettings,
  nameOfPerson,
  oneLine,
  plainSubject,
  shortResource,
  shortWho,
} from "./mail-text.ts";
import { OUTPUTS_HINT, searchFindings } from "./next-commands.ts";

/** Of each list of counts; the rest is counted in one more line. */
const MAX_COUNTED = 10;
const COUNT_WIDTH = 7;
/** A digest of no more than these names each. */
const MAX_NAMED = 20;

/** @param findings at least one; each counts once, however often it is among them */
export function formatDigest(findings: readonly Finding[], settings: MailSettings): Alert {
  const each = [...new Map(findings.map((finding) => [finding.uid, finding])).values()];
  const sorted = each.toSorted((a, b) => a.time - b.time);
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) throw new RangeError("a digest of no findings says nothing");
  const worst = sorted.reduce((worse, finding) => (rank(finding.level) > rank(worse.level) ? finding : worse));
  const whoOf = ({ person, principal }: Finding): string =>
    person === undefined ? principal : `${nameOfPerson(person, settings.people) ?? "somebody"} <${person}>`;
  const rules = countBy(sorted, ({ rule, level }) => `${rule.title} (${level})`);
  const people = countBy(sorted, whoOf);
  const lowest = sorted.reduce((lower, { level }) => (rank(level) < rank(lower) ? level : lower), first.level);
  const subject = `[Gatebook ${worst.level}] ${sorted.length} findings: ${counted(rules.size, "rule", "rules")}, ${counted(people.size, "person", "people")}, worst ${worst.rule.title}`;
  const lines = [
    `${sorted.length} findings in one mail: more came than alerts.maxMailsPerMinute lets through one by one.`,
    "Each of them is in the evidence and on the event bus.",
    "",
    `First: ${describeWhen(first.time, settings.timezone)}`,
    `Last:  ${describeWhen(last.time, settings.timezone)}`,
    ...countLines("By level:", byLevel(sorted)),
    ...countLines("By rule:", rules),
    ...countLines("By person:", people),
    ...eachLine(sorted, settings),
    ...findingLines("The worst:", worst, whoOf(worst), settings),
    ...worst.next.map((step, i) => `  ${i + 1}. ${oneLine(step)}`),
    ...(first === worst ? [] : findingLines("The first:", first, whoOf(first), settings)),
    "",
    `All of them ${OUTPUTS_HINT}:`,
    `  ${searchFindings(lowest, first.time, last.time)}`,
    "",
  ];
  return { subject: plainSubject(subject), body: lines.join("\n") };
}

function rank(level: Level): number {
  return LEVELS.indexOf(level);
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function countBy(findings: readonly Finding[], nameOf: (finding: Finding) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(nameOf(finding), (counts.get(nameOf(finding)) ?? 0) + 1);
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

function byLevel(findings: readonly Finding[]): Map<string, number> {
  const counts = countBy(findings, ({ level }) => level);
  return new Map([...counts].sort(([a], [b]) => rank(b as Level) - rank(a as Level)));
}

function countLines(title: string, counts: ReadonlyMap<string, number>): string[] {
  const shown = [...counts].slice(0, MAX_COUNTED);
  const rest = [...counts.values()].slice(MAX_COUNTED);
  const others = rest.reduce((sum, count) => sum + count, 0);
  return [
    "",
    title,
    ...shown.map(([name, count]) => `${String(count).padStart(COUNT_WIDTH)}  ${oneLine(name, MAX_LISTED_CHARACTERS)}`),
    ...(rest.length === 0 ? [] : [`${String(others).padStart(COUNT_WIDTH)}  of ${rest.length} others`]),
  ];
}

function eachLine(findings: readonly Finding[], { people, timezone }: MailSettings): string[] {
  if (findings.length > MAX_NAMED) return [];
  const lines = findings.map((finding) => {
    const { level, rule, time, event } = finding;
    const what = `${level}: ${rule.title}: ${shortWho(finding, people)}, event ${event}`;
    return `  ${describeMoment(time, timezone)} ${oneLine(what, MAX_LISTED_CHARACTERS)}`;
  });
  return ["", "Each:", ...lines];
}

function findingLines(title: string, finding: Finding, who: string, { timezone }: MailSettings): string[] {
  const { rule, level, action, operation, resource, time, event, principal } = finding;
  const where = resource === undefined ? "" : `, on ${shortResource(resource)}`;
  const as = who === principal ? "" : `, as ${principal}`;
  return [
    "",
    `${title} ${oneLine(rule.title)} (${level})`,
    `  Who:   ${oneLine(`${who}${as}`)}`,
    `  What:  ${oneLine(`${action}, by ${operation}${where}`)}`,
    `  When:  ${describeWhen(time, timezone)}`,
    `  Event: ${oneLine(event)}`,
  ];
}
