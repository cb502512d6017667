/** Sentences about a change, cut to a size that a person reads and a mail carries. */
import { canonicalText } from "./canonical-text.ts";

/** The rest is counted in one more line. */
export const MAX_LINES = 50;
export const MAX_LINE_CHARS = 300;
/** Of one value within a line. */
const MAX_VALUE_CHARS = 100;
/** Of a list within a line; one of its texts is shown whatever its length. */
const MAX_LIST_CHARS = 100;

/** Line breaks would forge lines of their own, and marks that turn the direction of writing make a text read as another. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** @param more how many lines there would be besides */
export function boundedLines(lines: readonly string[], more = 0): readonly string[] {
  const kept = lines.slice(0, MAX_LINES).map((line) => cut(line, MAX_LINE_CHARS));
  const rest = lines.length - kept.length + more;
  return rest === 0 ? kept : [...kept, `and ${rest} more`];
}

/** Printable, and cut with "…" where it is longer. */
export function cut(text: string, maxChars: number): string {
  // Cut before it is cleaned: a text may be of megabytes.
  const near = text
    .slice(0, maxChars + 1)
    .toWellFormed()
    .replace(UNPRINTABLE, "�");
  return near.length <= maxChars ? near : `${near.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** A value as JSON writes it. */
export function shown(value: unknown): string {
  // A long text is cut before it is quoted.
  const near = typeof value === "string" ? value.slice(0, MAX_VALUE_CHARS + 1) : value;
  return cut(canonicalText(near, MAX_VALUE_CHARS), MAX_VALUE_CHARS);
}

/** Both values; of long texts the part where they begin to differ. */
export function shownPair(before: unknown, after: unknown): string {
  if (typeof before !== "string" || typeof after !== "string") return `${shown(before)} → ${shown(after)}`;
  if (Math.max(before.length, after.length) <= MAX_VALUE_CHARS) return `${shown(before)} → ${shown(after)}`;
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  const from = Math.max(0, same - CONTEXT_CHARS);
  const excerpt = (text: string) => shown(`${from > 0 ? "…" : ""}${text.slice(from)}`);
  return `${excerpt(before)} → ${excerpt(after)}`;
}

const CONTEXT_CHARS = 20;

/** `a, b and 12 more` */
export function listed(texts: readonly string[]): string {
  const kept: string[] = [];
  let chars = 0;
  for (const text of texts) {
    const near = cut(text, MAX_LIST_CHARS);
    chars += near.length + 2;
    if (kept.length > 0 && chars > MAX_LIST_CHARS) break;
    kept.push(near);
  }
  const more = texts.length - kept.length;
  return more === 0 ? kept.join(", ") : `${kept.join(", ")} and ${more} more`;
}

export function quoted(name: string): string {
  return JSON.stringify(name);
}
