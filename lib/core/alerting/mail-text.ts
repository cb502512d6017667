/** Words of a mail that is read on a phone at three in the morning. Names come from outside: none may add a line or a header. */
import { Temporal } from "temporal-polyfill";
import type { Configuration } from "../configuration/configuration.ts";
import type { Finding } from "../record/finding.ts";

/** SNS: a subject has fewer than 100 characters, none of them a control character, and is ASCII. */
const MAX_SUBJECT_CHARACTERS = 99;
/** SNS takes 256 KB; whoever reads a mail takes far less. */
const MAX_FIELD_CHARACTERS = 2_000;
/** Of one line among many. */
export const MAX_LISTED_CHARACTERS = 300;
/** What remains of a resource's name before the title of the rule is cut instead. */
const MIN_WHERE_CHARACTERS = 12;
const MAX_WHO_CHARACTERS = 30;

/** What mails say of time and people. */
export type MailSettings = Pick<Configuration, "timezone" | "people">;

/** What a subject says: which rule, who, where. */
export interface SubjectParts {
  /** Such as `[Gatebook high] `, which is never cut. */
  readonly prefix: string;
  readonly title: string;
  readonly who: string;
  readonly where?: string | undefined;
}

/** The resource is cut first, then the title; who it was stays. */
export function toSubject({ prefix, title, who: person, where = "" }: SubjectParts): string {
  const who = cut(toAscii(person), MAX_WHO_CHARACTERS);
  const [place, rule] = [toAscii(where), toAscii(title)];
  const spent = prefix.length + ": ".length + who.length + (place === "" ? 0 : " on ".length);
  const left = MAX_SUBJECT_CHARACTERS - spent;
  const placeShown = cut(place, Math.max(MIN_WHERE_CHARACTERS, left - rule.length));
  const ruleShown = cut(rule, left - placeShown.length);
  return `${prefix}${ruleShown}: ${who}${place === "" ? "" : ` on ${placeShown}`}`;
}

export function plainSubject(text: string): string {
  return cut(toAscii(text), MAX_SUBJECT_CHARACTERS);
}

function toAscii(text: string): string {
  return oneLine(text)
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^\x20-\x7e]/g, "?");
}

function cut(ascii: string, max: number): string {
  return ascii.length <= max ? ascii : `${ascii.slice(0, max - 3)}...`;
}

export function oneLine(text: string, max = MAX_FIELD_CHARACTERS): string {
  // Controls, the marks that end a line or turn its direction, and runs of spaces, which push what follows onto a line of its own.
  const near = text.slice(0, 2 * MAX_FIELD_CHARACTERS).toWellFormed();
  const flat = near.replaceAll(/[\p{Cc}\p{Cf}\p{Z}\uFFFE\uFFFF]+/gu, " ").trim();
  return flat.length <= max ? flat : `${flat.slice(0, max).toWellFormed()}…`;
}

export function nameOfPerson(person: string, people: MailSettings["people"]): string | undefined {
  return people.find(({ email }) => email === person)?.name;
}

/** Who it was, in the fewest words. */
export function shortWho({ principal, person }: Finding, people: MailSettings["people"]): string {
  return person === undefined ? shortName(principal) : (nameOfPerson(person, people) ?? person);
}

/** What tells principals apart in few letters: the last part of an ARN. */
function shortName(name: string): string {
  return name.startsWith("arn:") ? name.split(":").slice(5).join(":") || name : name;
}

/** As `shortName`, without what the service calls such a thing: `role/shop-deploy` is `shop-deploy`. */
export function shortResource(name: string): string {
  return shortName(name).replace(/^(?:role|user|group|policy|secret|repository|function|table|key|project)[/:]/, "");
}

/** @example "Thu, 26 Nov 2026, 02:13:20 GMT (Europe/London), 2026-11-26T02:13:20Z" */
export function describeWhen(time: number, timezone: string): string {
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

/** Day and time without the year, for lines of a list. */
export function describeMoment(time: number, timezone: string): string {
  const options = { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-GB", { timeZone: timezone, ...options }).format(time).replace(",", "");
}
