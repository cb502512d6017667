/** The texts that fields have in an event: what it is grouped by, counted by, known by. */
import { hash } from "node:crypto";
import type { Candidate } from "../match/detect.ts";
import { someElementText, someValue } from "../match/field-values.ts";
import { RECORD_LOGSOURCE, type Rule } from "../rule.ts";

/** Of one event: one that names a thousand resources is not in a thousand groups. */
const MAX_TUPLES = 16;

const MAX_SHOWN_CHARACTERS = 80;
const SHOWN_CHARACTERS = 56;
const HASH_CHARACTERS = 16;

/** Reads fields of the record that a rule speaks of, and of the normalised one what that does not have. */
export type ReadField = (field: string) => readonly string[];

export function fieldReader({ raw, view }: Candidate, { logsource }: Rule): ReadField {
  const isOnView = logsource.product === RECORD_LOGSOURCE.product;
  const records = isOnView ? [view, raw?.record] : [raw?.record, view];
  return (field) => {
    for (const record of records) {
      const texts = textsOf(record, field.split("."));
      if (texts.length > 0) return texts;
    }
    return [];
  };
}

function textsOf(record: unknown, path: readonly string[]): string[] {
  const texts = new Set<string>();
  const collect = (text: string): boolean => {
    texts.add(text);
    return false;
  };
  someValue(record, path, (value) => someElementText(value, collect));
  // Sorted, so that the same are left out of too many, whatever order a source names them in.
  return [...texts].sort().slice(0, MAX_TUPLES);
}

/** Each combination of the fields' texts; none, where one of them has none. */
export function tuplesOf(fields: readonly string[], read: ReadField): readonly (readonly string[])[] {
  let tuples: readonly (readonly string[])[] = [[]];
  for (const field of fields) {
    const texts = read(field);
    tuples = tuples.flatMap((tuple) => texts.map((text) => [...tuple, text])).slice(0, MAX_TUPLES);
  }
  return tuples;
}

/** Short, and different for different texts. */
export function shorten(text: string): string {
  if (text.length <= MAX_SHOWN_CHARACTERS && text.isWellFormed()) return text;
  const mark = hash("sha256", JSON.stringify(text), "hex").slice(0, HASH_CHARACTERS);
  return `${text.slice(0, SHOWN_CHARACTERS).toWellFormed()}…${mark}`;
}

/** Fields and their texts, for people. */
export function labelOf(fields: readonly string[], texts: readonly string[]): string {
  return fields.map((field, i) => `${field} ${shorten(texts[i] ?? "")}`).join(", ");
}
