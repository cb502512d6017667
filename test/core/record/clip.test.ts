/** Values are cut to size, and left alone where they have it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { clip } from "../../../lib/core/record/clip.ts";

const BOUNDS = { characters: 4, items: 2 };

test("strings, lists and objects are cut wherever they are", () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`m${i}`, i]));
  const { a, b } = clip({ a: ["abcdef", ["x", "y", "z"], 3], b: many }, BOUNDS);
  expect([a, Object.keys(b).length]).toEqual([["abcd…", ["x", "y"]], 40]);
});

test("what is within the bounds is itself and no copy, also beside what is cut", () => {
  const small = { a: ["x", { b: null }], c: undefined };
  expect(clip(small, BOUNDS)).toBe(small);
  expect(clip({ small, long: "abcdef" }, BOUNDS).small).toBe(small);
});

test("whatever JSON is cut, to cut it again changes nothing, and it is left as it was", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const written = JSON.stringify(value);
      const clipped = clip(value, BOUNDS);
      expect(clip(clipped, BOUNDS)).toBe(clipped);
      expect(JSON.stringify(value)).toBe(written);
    }),
  );
});
