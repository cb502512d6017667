/** Entry bundles, hostile ones included. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBundle, encodeBundle } from "../../../lib/core/evidence/entry-bundle.ts";

test("writes each entry behind its length, high byte first", () => {
  const long = Buffer.alloc(0x0102, "x");
  const bytes = encodeBundle([Buffer.from("ab"), Buffer.alloc(0), long]);
  expect(bytes).toEqual(Buffer.concat([Buffer.of(0, 2), Buffer.from("ab"), Buffer.of(0, 0), Buffer.of(1, 2), long]));
});

test("reads back what it wrote", () => {
  const entry = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 256 }), (entries) => {
      const decoded = decodeBundle(encodeBundle(entries));
      expect(decoded.map((bytes) => [...bytes])).toEqual(entries.map((bytes) => [...bytes]));
    }),
    { numRuns: 50 },
  );
});

test("takes an entry of 65,535 bytes and refuses one of 65,536", () => {
  expect(decodeBundle(encodeBundle([Buffer.alloc(65_535)]))[0]).toHaveLength(65_535);
  expect(() => encodeBundle([Buffer.alloc(65_536)])).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});

test("refuses bytes that end inside a length or inside an entry", () => {
  const bytes = encodeBundle([Buffer.from("one"), Buffer.from("two")]);
  for (const length of [1, 2, 4, 6, 7, 9]) {
    expect(() => decodeBundle(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: "LOG_CORRUPT" }));
  }
  expect(decodeBundle(bytes.subarray(0, 5))).toHaveLength(1);
});

test("refuses a bundle of more than 256 entries", () => {
  expect(() => decodeBundle(Buffer.alloc(2 * 257))).toThrow(expect.objectContaining({ code: "LOG_CORRUPT" }));
  expect(decodeBundle(Buffer.alloc(2 * 256))).toHaveLength(256);
});

test("reads a view into a larger buffer", () => {
  const padded = Buffer.concat([Buffer.alloc(3, 0xff), encodeBundle([Buffer.from("a")]), Buffer.alloc(3, 0xff)]);
  expect(decodeBundle(padded.subarray(3, 6)).map(String)).toEqual([String(Buffer.from("a"))]);
});
