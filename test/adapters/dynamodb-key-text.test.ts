/** Texts as keys: within the limit, and never two for one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { toKeyText } from "../../lib/adapters/dynamodb-key-text.ts";

const LIMIT = 100;

test("keeps what fits", () => {
  expect(toKeyText("arn:aws:iam::111122223333:user/ana", LIMIT)).toBe("arn:aws:iam::111122223333:user/ana");
  expect(toKeyText("é".repeat(50), LIMIT)).toBe("é".repeat(50));
});

test("shortens what does not, and keeps its start", () => {
  const shortened = toKeyText(`2026-11-22T08:00:00.000Z#${"é".repeat(50)}`, LIMIT);
  expect(shortened).toMatch(/^2026-11-22T08:00:00\.000Z#é{5}#[0-9a-f]{64}$/);
});

test("any text is a key within the limit", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const key = toKeyText(text, LIMIT);
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(LIMIT);
      expect(key).not.toBe("");
      expect(key.isWellFormed()).toBe(true);
      expect(key).not.toMatch(/^#commit/);
    }),
    { numRuns: 1000 },
  );
});

test("a text made to look shortened is not taken for the one that was", () => {
  const long = "x".repeat(500);
  const shortened = toKeyText(long, LIMIT);
  expect(toKeyText(shortened, LIMIT)).not.toBe(shortened);
  expect(toKeyText("a\ud800", LIMIT)).not.toBe(toKeyText("a\ud801", LIMIT));
  expect(toKeyText("#x", LIMIT)).not.toBe(toKeyText("x", LIMIT));
});
