/** A finding as a mail that somebody on call can act on at three in the morning. */
import { describeGranted } from "../record/describe-granted.ts";
import type { Finding } from "../record/finding.ts";
import { type History, historyLines } from "./history.ts";
import {
  describeWhen,
  MAX_LISTED_CHARACTERS,
  type MailSettings,
  nameOfPerson,
  oneLine,
  shortResource,
  shortWho,
  toSubject,
} from "./mail-text.ts";
import { commandsFor, OUTPUTS_HINT } from "./next-commands.ts";
import type { Suppression } from "./suppression.ts";

/** Of a list within a mail: the evidence has all of it. */
const MAX_LINES = 12;

export interface Alert {
  readonly subject: string;
  readonly body: string;
}

/** How often the same happened again since the last mail of it. */
export interface Repeats {
  readonly count: number;
  /** Epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  /** The sources' own ids, the first of them. */
  readonly events: readonly string[];
}

/** What a mail says besides the finding. */
export interface AlertContext {
  readonly history?: History;
  /** The suppression that held such mails back until lately. */
  readonly expired?: Suppression | undefined;
  readonly repeats?: Repeats;
}

export function formatAlert(finding: Finding, settings: MailSettings, context: AlertContext = {}): Alert {
  const { repeats, history } = context;
  const { rule, level, resource, changes = [], next, falsePositives = [] } = finding;
  const again = repeats === undefined ? "" : `${repeats.count} more: `;
  const subject = toSubject({
    prefix: `[Gatebook ${level}] ${again}`,
    title: rule.title,
    who: shortWho(finding, settings.people),
    where: resource && shortResource(resource),
  });
  const lines = [
    oneLine(rule.title),
    `Level: ${describeLevel(finding)}`,
    ...noteLines(context, settings),
    "",
    ...factLines(finding, settings),
    ...section("What changed:", changes, bullet),
    `Wrong: ${oneLine(finding.why)}`,
    ...section("What to do next:", next, (step, i) => `  ${i + 1}. ${oneLine(step)}`, true),
    ...section("Harmless if:", falsePositives, bullet, true),
    ...section("Before and after, by the same person:", history ? historyLines(history, settings) : [], indented, true),
    ...section("Further events:", repeats?.events ?? finding.events ?? [], bullet, true),
    "",
    `Prove it, and search for more ${OUTPUTS_HINT}:`,
    ...commandsFor(finding).map((command) => `  ${command}`),
    "",
    `Event:   ${oneLine(finding.event)}`,
    `Rule:    ${oneLine(rule.id)}`,
    `Finding: ${oneLine(finding.uid)}`,
    "",
  ];
  return { subject, body: lines.join("\n") };
}

function describeLevel({ level, raisedFrom }: Finding): string {
  return raisedFrom === undefined ? level : `${level}, raised from ${raisedFrom}: it touches what is critical`;
}

function noteLines({ expired, repeats }: AlertContext, { timezone }: MailSettings): string[] {
  return [
    ...(repeats === undefined ? [] : repeatLines(repeats, timezone)),
    ...(expired === undefined ? [] : [`Note:  ${oneLine(describeExpired(expired))}`]),
  ];
}

function describeExpired({ owner, until, reason }: Suppression): string {
  return `the suppression of this by ${owner} expired on ${until} (${reason})`;
}

function repeatLines({ count, first, last }: Repeats, timezone: string): string[] {
  const times = count === 1 ? "once more" : `${count} times more`;
  return [
    `Again: ${times} since the last mail of this rule, principal and resource. Below is the latest.`,
    `First: ${describeWhen(first, timezone)}`,
    `Last:  ${describeWhen(last, timezone)}`,
  ];
}

/** Who, what, when, how and where, a line each. */
function factLines(finding: Finding, { timezone, people }: MailSettings): string[] {
  const { action, operation, resource, time, granted, count } = finding;
  const times = count === undefined ? "" : `, ${count} times`;
  const what = `${action}, by ${operation}${resource === undefined ? "" : `, on ${resource}`}${times}`;
  const facts: (readonly [string, string])[] = [
    ["Who", describeWho(finding, people)],
    ["What", what],
    ["When", describeWhen(time, timezone)],
    ["How", describeGranted(granted)],
    ["Where", describeWhere(finding)],
  ];
  return facts.flatMap(([label, text]) => (text === "" ? [] : [`${`${label}:`.padEnd(7)}${oneLine(text)}`]));
}

function describeWho({ principal, person }: Finding, people: MailSettings["people"]): string {
  if (person === undefined) return `${principal} (no person of gatebook.yml)`;
  return `${nameOfPerson(person, people) ?? "somebody"} <${person}>, as ${principal}`;
}

function describeWhere({ production, components = [] }: Finding): string {
  return [production === true ? "production" : "", ...components].filter((place) => place !== "").join(", ");
}

type LineOf = (text: string, i: number) => string;

function section(title: string, texts: readonly string[], lineOf: LineOf, isApart = false): string[] {
  if (texts.length === 0) return [];
  const more = texts.length - MAX_LINES;
  return [
    ...(isApart ? [""] : []),
    title,
    ...texts.slice(0, MAX_LINES).map(lineOf),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function bullet(text: string): string {
  return `  - ${oneLine(text, MAX_LISTED_CHARACTERS)}`;
}

function indented(text: string): string {
  return `  ${oneLine(text, MAX_LISTED_CHARACTERS)}`;
}
