/** Wildcards of policies and patterns. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesWildcard, policyWildcard } from "../../../lib/local/authorisation/wildcard.ts";

const matches = (pattern: string, text: string): boolean => matchesWildcard(policyWildcard(pattern), text);

test.each([
  ["s3:*", "s3:PutObject", true],
  ["s3:Put*", "s3:GetObject", false],
  ["*", "", true],
  ["?", "", false],
  ["a?c", "abc", true],
  ["a*b*c", "aXbYbZc", true],
  ["a*b*c", "aXbYbZ", false],
  ["arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b", true],
  ["arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", false],
  ["?", "😀", true],
  [".*", "anything", false],
])("%s against %s: %s", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test("agree with the regular expression that they stand for", () => {
  const piece = fc.constantFrom("a", "b", "*", "?");
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.constantFrom("a", "b"), { maxLength: 8 }),
      (pattern, text) => {
        const expression = pattern.map((one) => (one === "*" ? ".*" : one.replace("?", "."))).join("");
        expect(matches(pattern.join(""), text.join(""))).toBe(new RegExp(`^${expression}$`).test(text.join("")));
      },
    ),
  );
});

test("answer on a pattern that a backtracking matcher never finishes", () => {
  expect(matches("a*".repeat(200), `${"a".repeat(2000)}b`)).toBe(true);
  expect(matches(`${"a*".repeat(200)}c`, "a".repeat(2000))).toBe(false);
});
