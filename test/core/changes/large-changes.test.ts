/** States larger and deeper than any service makes: they are described within bounds, and no text of theirs is copied a thousand times. */
import { expect, test } from "vitest";
import { PIPELINE } from "../../../lib/core/changes/change.ts";
import { describeChange } from "../../../lib/core/changes/describe-change.ts";
import { fromJsonText } from "../../../lib/core/changes/json-text.ts";
import { expectWithinBounds } from "./told.ts";

test("ten thousand statements, or as many stages, variables and lines, are described", () => {
  const many = <T>(make: (i: number) => T) => Array.from({ length: 10_000 }, (_, i) => make(i));
  const allow = (i: number) => ({
    Effect: "Allow",
    Principal: "*",
    Action: `s3:${"*".repeat(20)}${i}?`,
    Resource: `arn:${i}`,
  });
  const statements = { Statement: many(allow) };
  const actions = { Statement: { Effect: "Allow", Action: many((i) => `s3:*${i}?*`), Resource: "*" } };
  const stages = { stages: many((i) => ({ name: `stage ${i % 5_000}`, actions: [] })) };
  const script = { script: many((i) => `line ${i}`).join("\n") };
  for (const value of [
    statements,
    actions,
    stages,
    script,
    many((i) => ({ name: `${i}`, value: i })),
    many((i) => [i]),
  ]) {
    for (const what of [PIPELINE, "policy"]) {
      expectWithinBounds(describeChange({ kind: what, resource: "it", after: value }, {}).lines);
      expectWithinBounds(describeChange({ kind: what, resource: "it", after: {} }, value).lines);
      expectWithinBounds(describeChange({ kind: what, resource: "it", after: value }, undefined).lines);
      const other = Array.isArray(value) ? value.toReversed().slice(1) : { ...value, Version: "2012-10-17" };
      expectWithinBounds(describeChange({ kind: what, resource: "it", after: other }, value).lines);
    }
  }
});

test("a text of a megabyte that thousands of grants or sentences share is kept once", () => {
  const long = "v".repeat(1_000_000);
  const many = (prefix: string) => Array.from({ length: 70 }, (_, i) => `${prefix}${i}`);
  const allow = { Effect: "Allow", Action: many("s3:Get"), Resource: many("arn:") };
  for (const part of [
    { Condition: { StringEquals: { key: long } } },
    { Action: long, Resource: [...many("a"), ...many("b"), ...many("c")] },
    { Resource: long, Principal: long },
  ]) {
    const after = { Statement: [{ ...allow, ...part }] };
    const other = {
      Statement: [
        { ...allow, ...part, Effect: "Deny" },
        { ...allow, Action: "*" },
      ],
    };
    expectWithinBounds(policyLines(after, {}));
    expectWithinBounds(policyLines(after, other));
  }
  const stage = (version: number) => ({
    name: long,
    actions: Array.from({ length: 5_000 }, (_, i) => ({ name: `${i}`, version })),
  });
  const definition = (version: number) => ({ stages: [stage(version)] });
  expectWithinBounds(describeChange({ kind: PIPELINE, resource: "it", after: definition(2) }, definition(1)).lines);
});

function policyLines(after: object, before: object): readonly string[] {
  return describeChange({ kind: "policy", resource: "it", after }, { Statement: [], ...before }).lines;
}

test("nesting deeper than any call stack is compared, and the difference at its bottom is told", () => {
  const nested = (open: string, close: string, bottom: string) =>
    JSON.parse(`${open.repeat(10_000)}${bottom}${close.repeat(10_000)}`);
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
    ['{"Statement":', "}"],
    ['[{"name":"x","stages":', "}]"],
  ] as const) {
    const after = nested(open, close, "2");
    for (const what of [PIPELINE, "bucket policy", "build project"]) {
      const describe = (before: unknown) => describeChange({ kind: what, resource: "it", after }, before).lines;
      expect(describe(nested(open, close, "2"))).toEqual(["nothing changed"]);
      expectWithinBounds(describe(nested(open, close, "1")));
      expect(describe(nested(open, close, "1"))).not.toEqual(["nothing changed"]);
      expectWithinBounds(describe(undefined));
    }
  }
});

test("a document within a text is parsed, and stays the text that it is where it is no JSON", () => {
  expect(fromJsonText(' {"a":1}')).toEqual({ a: 1 });
  expect(fromJsonText("%7B%22a%22%3A+%22b%20c%22%7D")).toEqual({ a: "b c" });
  for (const text of ["", "{", "%7B%", "7", '{"a":', "[".repeat(10_000) + "]".repeat(10_000)]) {
    expect(fromJsonText(text)).toBe(text);
  }
  expect(fromJsonText(null)).toBeNull();
});
