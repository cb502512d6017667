/** Wildcards and escapes as the Sigma specification has them, in bounded time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern, fold, parsePattern, widen } from "../../../../lib/core/detections/match/pattern.ts";

const matches = (pattern: string, text: string): boolean =>
  compilePattern(parsePattern(pattern), { cased: false })(fold(text));

/** What wildcards mean, in the plainest and slowest form; `*` and `?` only. */
function matchesNaively(pattern: string, text: string): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text === "";
  if (head === "*")
    return matchesNaively(rest.join(""), text) || (text !== "" && matchesNaively(pattern, text.slice(1)));
  return text !== "" && (head === "?" || head === text[0]) && matchesNaively(rest.join(""), text.slice(1));
}

describe("a wildcard", () => {
  test.each([
    ["progA.exe", "PROGa.EXE", true],
    ["prog?.exe", "progB.exe", true],
    ["prog?.exe", "prog.exe", false],
    ["prog?.exe", "prog😀.exe", true],
    ["antivirus_V*.exe", "antivirus_V21.2.1.exe", true],
    ["*", "", true],
    ["?", "", false],
    ["", "", true],
    ["", "x", false],
    ["a*a", "a", false],
    ["a*b*c", "a-c-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["ab*bc", "abc", false],
    ["**?", "x", true],
    ["ΟΔΟΣ*", "οδος 7", true],
  ])("%j on %j: %j", (pattern, text, expected) => expect(matches(pattern, text)).toBe(expected));

  test("agrees with the naive reading of its pattern", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (p, t) => matches(p, t) === matchesNaively(p, t)),
      { numRuns: 2_000 },
    );
  });

  test("does not backtrack from star to star", () => {
    const text = "a".repeat(2_000);
    expect(matches(`${"*a".repeat(500)}b`, text)).toBe(false);
    expect(matches(`${"*a?".repeat(500)}b`, text)).toBe(false);
  });
});

describe("a backslash", () => {
  // The list under "Escaping" of the specification.
  test.each([
    ["stands for itself", String.raw`C:\Windows`, String.raw`C:\Windows`, true],
    ["stands for itself when doubled", String.raw`C:\\Windows`, String.raw`C:\Windows`, true],
    ["takes a star literally", String.raw`a\*c`, "a*c", true],
    ["takes a star for nothing else", String.raw`a\*c`, "abc", false],
    ["takes a question mark literally", String.raw`a\?c`, "a?c", true],
    ["takes a question mark for nothing else", String.raw`a\?c`, "abc", false],
    ["doubled leaves the star a wildcard", String.raw`a\\*c`, String.raw`a\bc`, true],
    ["threefold is a backslash and a star", String.raw`a\\\*c`, String.raw`a\*c`, true],
    ["threefold is no wildcard", String.raw`a\\\*c`, String.raw`a\bc`, false],
    ["threefold before text is two", String.raw`a\\\c`, String.raw`a\\c`, true],
    ["fourfold is two", String.raw`a\\\\c`, String.raw`a\\c`, true],
    ["at the end stands for itself", "a\\", "a\\", true],
  ])("%s", (_, pattern, text, expected) => expect(matches(pattern, text)).toBe(expected));

  test("at the end does not escape the star that a modifier adds", () => {
    const startsWith = compilePattern(widen(parsePattern("C:\\"), "startswith"), { cased: false });
    expect(startsWith("c:\\windows")).toBe(true);
    expect(startsWith("c:*")).toBe(false);
  });
});
