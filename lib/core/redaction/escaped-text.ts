/** Secrets whose name, separator or quotes are written as escapes: percent-encoded (RFC 3986), or `\u003d` as some writers of JSON do. */
import type { SecretRange, SecretRule } from "./secret-range.ts";

/** An escaped `=` or `:`, without which nothing is assigned. */
const SEPARATOR = /%3[ad]|\\u003[ad]/i;
/** Of ASCII, which all names and signs are of. */
const ESCAPE = /%([0-7][0-9a-f])|\\{1,15}u00([0-7][0-9a-f])/gi;

export function hasEscapes(text: string): boolean {
  // Every string of every event is asked: a plain search first.
  return (text.includes("%3") || text.includes("\\u003")) && SEPARATOR.test(text);
}

/** What a rule finds in the text with its escapes read, as ranges of the text as it is. */
export function inEscaped(text: string, rule: SecretRule): readonly SecretRange[] {
  const pieces: string[] = [];
  /** By position in the read text, the position in the text. */
  const positions: number[] = [];
  let kept = 0;
  const keep = (end: number): void => {
    pieces.push(text.slice(kept, end));
    for (let at = kept; at < end; at += 1) positions.push(at);
  };
  for (const { 0: written, 1: percent, 2: unicode, index } of text.matchAll(ESCAPE)) {
    keep(index);
    pieces.push(String.fromCharCode(Number.parseInt(percent ?? unicode ?? "", 16)));
    positions.push(index);
    kept = index + written.length;
  }
  keep(text.length);
  positions.push(text.length);
  const place = (at: number): number => positions[at] ?? text.length;
  return rule(pieces.join("")).map(({ start, end, kind }) => ({ start: place(start), end: place(end), kind }));
}
