/** Messages in as many characters as a system takes: whole lines, so that no reason is half said, and the first of them always. */
import { NEXT } from "./gate-decision.ts";

/** Of a line: names in it come from outside. */
const MAX_LINE_CHARS = 500;
/** Of what says how many lines were left out. */
const MAX_REST_CHARS = 60;

/** @param message lines: the answer, what speaks for it, and what to do next */
export function fitMessage(message: string, maxChars: number): string {
  if (message.length <= maxChars) return message;
  const [answer = "", ...others] = message.split("\n");
  const next = others.at(-1) === NEXT ? [NEXT] : [];
  const said = others.slice(0, others.length - next.length);
  const used = next.reduce((sum, line) => sum + 1 + line.length, 0);
  // The answer repeats what its reader knows: a name of theirs in it may be long, and gives way to the first reason.
  const first = Math.min(said[0]?.length ?? 0, MAX_LINE_CHARS);
  const start = cut(answer, maxChars - used - first - MAX_REST_CHARS - 2);
  const lines = fitLines(said, maxChars - used - start.length - 1, (count) => `- and ${count} more, in the evidence`);
  return [start, ...lines, ...next].join("\n");
}

/**
 * As many as there is room for with a character between them, and the first one in any case.
 *
 * @param rest says how many were left out
 */
export function fitLines(lines: readonly string[], maxChars: number, rest: (count: number) => string): string[] {
  const short = lines.map((line) => cut(line, MAX_LINE_CHARS));
  let [kept, used] = [0, 0];
  for (const [i, line] of short.entries()) {
    const room = i === short.length - 1 ? 0 : MAX_REST_CHARS;
    if (i > 0 && used + line.length + 1 + room > maxChars) break;
    used += line.length + 1;
    kept += 1;
  }
  const left = lines.length - kept;
  return left === 0 ? short : [...short.slice(0, kept), rest(left)];
}

/** @returns what ends in a sign of it where something was cut off, and never in half a character */
export function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, Math.max(0, maxChars - 1)).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
