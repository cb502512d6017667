import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { anything, flag, id, object, part, requiredText, text, time } from "../../../lib/core/sources/fields.ts";
import { lenient, quickly, wholeReader } from "../../../lib/core/sources/read-members.ts";

const MEMBERS = {
  name: text,
  key: id,
  isSet: flag,
  inner: part(z.object({ name: text, deeper: part(z.object({ isSet: flag })) })),
  details: object,
  whatever: anything,
  list: part(z.array(z.object({ name: text }))),
};
const Lenient = z.object(MEMBERS);
const Relied = z.object({ ...MEMBERS, time, eventName: requiredText, count: z.number().optional() });

const names = fc.constantFrom(...Object.keys(Relied.shape), "toString", "constructor", "__proto__", "other");
const time3339 = fc.constantFrom("2026-11-23T10:00:00Z", "2026-11-23T10:00:00+01:00", "2026-11-23", "10:00", "");
const leaf = fc.oneof(fc.jsonValue({ maxDepth: 2 }), time3339, fc.constantFrom("true", "No", "...", "a"));
const given = fc.oneof(fc.dictionary(names, fc.oneof(leaf, fc.dictionary(names, leaf))), leaf);

describe.each([
  ["takes whatever comes", Lenient],
  ["relies on some members", Relied],
  ["asks something of the whole", Relied.refine(({ name }) => name !== "a")],
  ["lets no other member pass", z.strictObject(MEMBERS)],
  ["keeps other members", z.looseObject(MEMBERS)],
  ["is no object", z.array(text)],
])("a schema that %s", (_, schema) => {
  const read = wholeReader<unknown>(schema);

  test("is read as zod reads it, whatever a sender puts there", () => {
    fc.assert(
      fc.property(given, (value) => {
        expect(read(value)).toEqual(schema.safeParse(value).data);
      }),
      { numRuns: 500 },
    );
  });
});

test("a value that a quick look does not know is left to the schema", () => {
  const Word = quickly(z.string(), (value) => value === "known");
  const read = wholeReader(z.object({ word: Word }));
  expect(read({ word: "known" })).toEqual({ word: "known" });
  expect(read({ word: "other" })).toEqual({ word: "other" });
  expect(read({ word: 1 })).toBeUndefined();
  expect(read({})).toBeUndefined();
});

test("what an object inherits is none of its members", () => {
  const read = wholeReader(z.object({ toString: text, length: text }));
  expect(read({})).toEqual({});
});

test("a lenient member is not asked about what is absent", () => {
  const read = wholeReader(z.object({ list: lenient((value) => [value]) }));
  expect(read({})).toEqual({});
  expect(read({ list: null })).toEqual({ list: [null] });
});

test("objects of one schema have the same members in the same order, whatever their values lack", () => {
  const read = wholeReader(Lenient);
  expect(Object.keys(read({ whatever: 1, name: "a" }) ?? {})).toEqual(Object.keys(MEMBERS));
});
