/** The general difference between two JSON values, and the words it is told in. */
import { expect, test } from "vitest";
import { describeChange } from "../../../lib/core/changes/describe-change.ts";
import { MAX_LINE_CHARS, MAX_LINES } from "../../../lib/core/changes/lines.ts";

function lines(before: unknown, after: unknown, kind = "thing") {
  return describeChange({ kind, resource: "it", after }, before).lines;
}

test("members are told by their path, lists by the names of their members", () => {
  const before = { a: { b: 1, c: "x" }, list: [{ name: "one", on: true }, { name: "two" }] };
  const after = { a: { b: 2, d: null }, list: [{ name: "three" }, { name: "one", on: false }] };
  expect(lines(before, after)).toEqual([
    "a.b: 1 → 2",
    'a.c: "x" was removed',
    "a.d: null was added",
    'list[two]: {"name":"two"} was removed',
    'list[three]: {"name":"three"} was added',
    "list[one].on: true → false",
  ]);
});

test("lists of values are sets, of which each value may be there more than once", () => {
  expect(lines({ x: [1, 2, 2] }, { x: [2, 3, 1] })).toEqual(["x: 2 was removed", "x: 3 was added"]);
  expect(lines({ x: [1, [2, 3]] }, { x: [[2, 3], 1] })).toEqual(["nothing changed"]);
});

test("members without a name are taken for successors of what stood in their place", () => {
  expect(lines([{ days: 1 }, { days: 2 }], [{ days: 2 }, { days: 9 }])).toEqual(
    ["thing[0].days: 1 → 9"].map((line) => line.replace("thing", "")),
  );
});

test("a value that differs by itself is called by its kind", () => {
  expect(lines("v1", "v2", "version in force")).toEqual(['version in force: "v1" → "v2"']);
  expect(lines({ a: 1 }, [7])).toEqual(['thing: {"a":1} was removed', "thing: 7 was added"]);
  expect(lines({ a: 1 }, "gone")).toEqual(['thing: {"a":1} → "gone"']);
});

test("markers of redacted secrets are compared as the text they are", () => {
  const secret = (mark: string) => ({ token: `[redacted:token${mark}]` });
  expect(lines(secret(":0c31d2f86ab4"), secret(":0c31d2f86ab4"))).toEqual(["nothing changed"]);
  expect(lines(secret(":0c31d2f86ab4"), secret(":ffffffffffff"))).toEqual([
    'token: "[redacted:token:0c31d2f86ab4]" → "[redacted:token:ffffffffffff]"',
  ]);
});

test("of long texts the part is shown where they begin to differ", () => {
  const long = "a".repeat(1_000);
  const [line = ""] = lines({ script: `${long}npm ci` }, { script: `${long}rm -rf /` });
  expect(line).toMatch(/^script: "…a{20}npm ci" → "…a{20}rm -rf \/"$/);
});

test("texts of several lines are told by the lines that came and went, and by the order where it alone differs", () => {
  expect(lines({ script: "a\nb\nc" }, { script: "a\nc\nd\n" })).toEqual([
    'script: line "b" was removed',
    'script: line "d" was added',
    'script: line "" was added',
  ]);
  expect(lines({ script: "a\nb" }, { script: "b\na" })).toEqual(['script: "a\\nb" → "b\\na"']);
});

test("what decides on access comes first, and the rest in the order of the document", () => {
  expect(lines({ name: "a", public: false, zone: 1 }, { name: "b", public: true, zone: 2 })).toEqual([
    "public: false → true",
    'name: "a" → "b"',
    "zone: 1 → 2",
  ]);
});

test("lines past the bound are counted, and long ones are cut", () => {
  const numbers = (offset: number) => Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`n${i}`, i + offset]));
  const told = lines(numbers(0), numbers(1));
  expect(told).toHaveLength(MAX_LINES + 1);
  expect(told.at(-1)).toBe("and 650 more");
  const deep = Array.from({ length: 12 }, () => "name".repeat(15)).reduce<unknown>(
    (value, name) => ({ [name]: value }),
    1,
  );
  const [line = ""] = lines({}, { a: deep, b: 1 });
  expect(line.length).toBeLessThanOrEqual(MAX_LINE_CHARS);
  expect(lines(deep, "x".repeat(999)).every((each) => each.length <= MAX_LINE_CHARS)).toBe(true);
});

test("no text can forge a line, or turn the direction of reading", () => {
  const [line = ""] = lines({}, { "a\nthe bucket policy was removed": "\u202Etxt.exe\u2028\u0007" });
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  const policy = {
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:Get\nno longer allows", Resource: "\u202E" }],
  };
  expect(lines({ Statement: [] }, policy)).toEqual(["now allows everybody to do s3:Get�no longer allows on �"]);
});
