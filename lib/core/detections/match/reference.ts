/** Fields compared with one another. */
import type { FieldTest } from "../rule.ts";
import { someElementText, someValue } from "./field-values.ts";
import { fold } from "./pattern.ts";

/** Of the other field's texts, those that one field is compared with: what is more was written to be slow. */
const MAX_TEXTS = 1_000;

/** Whether a text of the field is (or has, starts or ends with, by the test's place) a text of the other. */
export function compileReference(
  path: readonly string[],
  other: readonly string[],
  { cased, place }: Pick<FieldTest, "cased" | "place">,
): (record: unknown) => boolean {
  const normal = cased ? (text: string): string => text : fold;
  const isThere = (): boolean => true;
  return (record) => {
    // Most records have neither field.
    if (!someValue(record, other, isThere)) return false;
    const texts = new Set<string>();
    const remember = (text: string): boolean => texts.add(normal(text)).size >= MAX_TEXTS;
    someValue(record, other, (value) => someElementText(value, remember));
    if (texts.size === 0) return false;
    const isAmong = (text: string): boolean => {
      const written = normal(text);
      return place === undefined ? texts.has(written) : [...texts].some((each) => PLACED[place](written, each));
    };
    return someValue(record, path, (value) => someElementText(value, isAmong));
  };
}

const PLACED = {
  contains: (text: string, part: string): boolean => text.includes(part),
  startswith: (text: string, part: string): boolean => text.startsWith(part),
  endswith: (text: string, part: string): boolean => text.endsWith(part),
};
