/** One event's part in a correlation, as text that is kept from event to event. */
import { hash } from "node:crypto";
import * as z from "zod";

/** A group of a correlation, and what an event adds to it. */
export interface Place {
  /** The hash of the group's values. */
  readonly group: string;
  /** The group's values, for people. */
  readonly label: string;
  /** What is counted or measured; empty where the event itself is, or which rule it matched. */
  readonly token: string;
}

export interface Member {
  readonly time: number;
  /** The event's, hashed. */
  readonly id: string;
  /** Which of the correlation's rules it matched. */
  readonly position: number;
  readonly token: string;
  /** The source's own id of the event, cut short. */
  readonly event: string;
  /** Where it belongs in the correlations over this one, by their ids. */
  readonly above: readonly (readonly [correlation: string, Place])[];
}

const MAX_EVENT_CHARACTERS = 64;
const ID_CHARACTERS = 22;
const GROUP_CHARACTERS = 43;

const Encoded = z.tuple([
  z.number(),
  z.string(),
  z.number(),
  z.string(),
  z.string(),
  z.array(z.tuple([z.string(), z.string(), z.string(), z.string()])),
]);

/** Equal for equal members. */
export function encodeMember({ time, id, position, token, event, above }: Member): string {
  const places = above.map(([correlation, place]) => [correlation, place.group, place.label, place.token]);
  return JSON.stringify([time, id, position, token, event, places]);
}

/** Undefined for what no version of ours has written. */
export function decodeMember(text: string): Member | undefined {
  const { data: encoded } = Encoded.safeParse(parse(text));
  if (encoded === undefined) return undefined;
  const [time, id, position, token, event, places] = encoded;
  const above = places.map(([of, group, label, value]) => [of, { group, label, token: value }] as const);
  return { time, id, position, token, event, above };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** In the order of time; of one time in an order that is always the same. */
export function compareMembers(a: Member, b: Member): number {
  return a.time - b.time || compare(a.id, b.id) || a.position - b.position || compare(a.token, b.token);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function shortId(id: string): string {
  return hash("sha256", id, "base64url").slice(0, ID_CHARACTERS);
}

export function shortEvent(event: string): string {
  return event.length <= MAX_EVENT_CHARACTERS ? event : `${event.slice(0, MAX_EVENT_CHARACTERS - 1)}…`;
}

/** One name for one list of texts, however long they are. */
export function hashTexts(texts: readonly string[]): string {
  return hash("sha256", JSON.stringify(texts), "base64url").slice(0, GROUP_CHARACTERS);
}
