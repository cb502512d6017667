/** Wildcards of gatebook.yml: `*` is any run of characters, `?` any one, as in AWS's policies. */
import { compilePattern, parsePattern } from "../detections/match/pattern.ts";

/** Compiles patterns into one test of a text, with case. */
export function matcherOf(patterns: readonly string[]): (text: string) => boolean {
  const tests = patterns.map((pattern) => compilePattern(parsePattern(pattern), { cased: true }));
  return (text) => tests.some((matches) => matches(text));
}
