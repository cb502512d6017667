/** A finding as a mail that somebody on call can act on at three in the morning. */
import { Temporal } from "temporal-polyfill";
import type { Configuration } from "../configuration/configuration.ts";
import { describeGranted } from "../record/describe-granted.ts";
import type { Finding } from "../record/finding.ts";

/** SNS: a subject has fewer than 100 characters, none of them a control character, and is ASCII. */
const MAX_SUBJECT_CHARACTERS = 99;
/** SNS takes 256 KB; whoever reads a mail takes far less. */
const MAX_FIELD_CHARACTERS = 2_000;

export interface Alert {
  readonly subject: string;
  readonly body: string;
}

/** Names come from outside: nothing in them may add a line to the mail or a header to the subject. */
export function formatAlert(finding: Finding, { timezone, people }: Pick<Configuration, "timezone" | "people">): Alert {
  const who = describeWho(finding, people);
  const subject = toSubject(`[Gatebook ${finding.level}] ${finding.rule.title}: ${who.short}`);
  const what = `${finding.action}, by ${finding.operation}`;
  const lines: [string, string][] = [
    ["Who", who.long],
    ["What", finding.resource === undefined ? what : `${what}, on ${finding.resource}`],
    ["When", describeWhen(finding.time, timezone)],
    ["How", describeGranted(finding.granted)],
    ["Wrong", finding.why],
  ];
  const body = [
    oneLine(finding.rule.title),
    `Level: ${finding.level}`,
    "",
    ...lines.map(([label, text]) => `${`${label}:`.padEnd(7)}${oneLine(text)}`),
    "",
    "What to do next:",
    ...finding.next.map((step, i) => `  ${i + 1}. ${oneLine(step)}`),
    "",
    `Event:   ${oneLine(finding.event)}`,
    `Rule:    ${oneLine(finding.rule.id)}`,
    `Finding: ${finding.uid}`,
    "",
  ].join("\n");
  return { subject, body };
}

function describeWho({ principal, person }: Finding, people: Configuration["people"]): { short: string; long: string } {
  const name = people.find(({ email }) => email === person)?.name;
  if (person === undefined) return { short: shortName(principal), long: `${principal} (no person of gatebook.yml)` };
  return { short: name ?? person, long: `${name ?? "somebody"} <${person}>, as ${principal}` };
}

/** What tells principals apart in few letters: the last part of an ARN. */
function shortName(principal: string): string {
  return principal.startsWith("arn:") ? principal.split(":").slice(5).join(":") || principal : principal;
}

function describeWhen(time: number, timezone: string): string {
  const instant = Temporal.Instant.fromEpochMilliseconds(time);
  const local = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(time);
  return `${local} (${timezone}), ${instant.toString()}`;
}

function toSubject(text: string): string {
  const ascii = oneLine(text)
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^\x20-\x7e]/g, "?");
  return ascii.length <= MAX_SUBJECT_CHARACTERS ? ascii : `${ascii.slice(0, MAX_SUBJECT_CHARACTERS - 3)}...`;
}

function oneLine(text: string): string {
  // Controls, the marks that end a line or turn its direction, and runs of spaces, which push what follows onto a line of its own.
  const flat = text.replaceAll(/[\p{Cc}\p{Cf}\p{Z}]+/gu, " ").trim();
  return flat.length <= MAX_FIELD_CHARACTERS ? flat : `${flat.slice(0, MAX_FIELD_CHARACTERS)}…`;
}
