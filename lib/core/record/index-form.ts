/** How an entry of the index follows from its record alone, and what the record has to say beside where it does not. */
import { mfaOfEvent } from "../access/mfa.ts";
import { mfaTold } from "../access/mfa-told.ts";
import { bounded } from "../sources/fields.ts";
import { principalOf } from "../sources/principal.ts";
import type { AuditRecord, NormalisedEvent } from "./audit-record.ts";
import { highestLevel } from "./finding.ts";
import type { IndexEntry } from "./index-entry.ts";
import { IndexRemainder } from "./index-remainder.ts";
import { BASE_EVENT, type OcsfEvent } from "./ocsf.ts";

/** Of each text: the record may have to repeat all of them, however large it is itself. */
const MAX_TEXT_CHARS = 600;

/** What OCSF calls an activity that has no name. */
const OTHER = "Other";

/** What the index says of an event, its key aside. */
export function describeForIndex(normalised: NormalisedEvent, person: string | undefined) {
  const { event, action, granted, trace, links } = normalised;
  const [target] = event.resources ?? [];
  const resource = target?.uid ?? target?.name;
  const issued = event.unmapped?.["issued_credential"];
  const isSession = action === "access.assume" && typeof issued === "string";
  return {
    principal: principalOf(event),
    action,
    operation: boundedText(event.api?.operation ?? ownWordOf(event) ?? event.metadata.event_code),
    ...(resource !== undefined && { resource: boundedText(resource) }),
    ...(trace !== undefined && { trace: boundedText(trace) }),
    ...(links !== undefined && { links: links.map(boundedText) }),
    ...(event.status_id !== undefined && { status: event.status_id }),
    ...(isSession && { issued: boundedText(issued), mfa: mfaOfEvent(granted) }),
    ...mfaTold(normalised, person),
    ...(person !== undefined && { person }),
  };
}

/** Of an event that is no call: what it is called where its code names a family of events, such as every change of a pull request. */
function ownWordOf({ class_uid, activity_name }: OcsfEvent): string | undefined {
  return class_uid === BASE_EVENT && activity_name !== OTHER ? activity_name : undefined;
}

/** @param id the event's own */
export function eventKeyOf(time: number, id: string): string {
  return `${new Date(time).toISOString()}#${id}`;
}

/** The record with what its bytes need for the index to be made from them again. */
export function withRemainder(record: Omit<AuditRecord, "index">, entry: IndexEntry): AuditRecord {
  const derived = derive(record);
  const names = REMAINING.filter((name) => !isSame(derived[name], entry[name]));
  if (names.length === 0) return record;
  return { ...record, index: Object.fromEntries(names.map((name) => [name, entry[name] ?? null])) };
}

const REMAINING = Object.keys(IndexRemainder.shape) as readonly (keyof IndexRemainder)[];

/** The entry as it was in the index when the record was written; its place in the log aside. */
export function indexEntryOf(record: AuditRecord): IndexEntry {
  const members = Object.entries({ ...derive(record), ...record.index }).filter(([, value]) => value !== null);
  // Principal, key, action and operation are derived, and no remainder says null for them.
  return Object.fromEntries(members) as unknown as IndexEntry;
}

function derive(record: AuditRecord): IndexEntry {
  const { event, person, breakGlass, findings } = record;
  const level = highestLevel(findings);
  return {
    ...describeForIndex(record, person),
    eventKey: eventKeyOf(event.time, event.metadata.uid),
    ...(breakGlass !== undefined && { breakGlass }),
    ...(level !== undefined && { finding: level }),
  };
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((each, i) => each === other[i]);
}

function boundedText(words: string): string {
  return bounded(words, MAX_TEXT_CHARS);
}
