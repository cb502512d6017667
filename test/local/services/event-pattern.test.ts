/** Event patterns, after the examples of AWS's documentation. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileEventPattern } from "../../../lib/local/services/event-bridge/event-pattern.ts";

const matches = (pattern: object, event: unknown): boolean => compileEventPattern(JSON.stringify(pattern))(event);

const EVENT = {
  "detail-type": "EC2 Instance State-change Notification",
  source: "aws.ec2",
  time: "2017-10-02T16:24:49Z",
  resources: ["arn:aws:ec2:us-east-1:123456789012:instance/i-0", "arn:aws:ec2:us-east-1:123456789012:image/ami-1"],
  detail: {
    state: "running",
    "c-count": 5,
    "d-count": 0,
    "x-limit": 301.8,
    "source-ip": "10.0.0.33",
    "source-ip6": "2001:db8::1",
    file: "/var/lib/report.PNG",
    star: "a*b\\c",
    empty: "",
    nothing: null,
    flag: true,
    tags: ["one", "two", ["three", 4]],
    parts: [
      { name: "a", size: 1 },
      { name: "b", size: 2 },
    ],
    none: [],
  },
};

describe.each<[string, unknown, boolean]>([
  ["state", ["initializing", "running"], true],
  ["state", ["Running"], false],
  ["c-count", [5], true],
  ["c-count", ["5"], false],
  ["flag", [true], true],
  ["flag", ["true"], false],
  ["nothing", [null], true],
  ["empty", [null], false],
  ["empty", [""], true],
  ["state", [{ prefix: "run" }], true],
  ["state", [{ prefix: "RUN" }], false],
  ["state", [{ prefix: { "equals-ignore-case": "RUN" } }], true],
  ["file", [{ suffix: ".png" }], false],
  ["file", [{ suffix: { "equals-ignore-case": ".png" } }], true],
  ["c-count", [{ prefix: "5" }], false],
  ["state", [{ "equals-ignore-case": "RUNNING" }], true],
  ["state", [{ "anything-but": "running" }], false],
  ["state", [{ "anything-but": ["stopped", "overloaded"] }], true],
  ["x-limit", [{ "anything-but": [100, 301.8] }], false],
  ["x-limit", [{ "anything-but": 100 }], true],
  ["c-count", [{ "anything-but": "5" }], true],
  ["state", [{ "anything-but": { prefix: "run" } }], false],
  ["state", [{ "anything-but": { prefix: ["init", "stop"] } }], true],
  ["file", [{ "anything-but": { suffix: ".txt" } }], true],
  ["state", [{ "anything-but": { "equals-ignore-case": ["RUNNING", "x"] } }], false],
  ["file", [{ "anything-but": { wildcard: "*/lib/*" } }], false],
  ["missing", [{ "anything-but": "x" }], false],
  ["tags", [{ "anything-but": "one" }], true],
  ["c-count", [{ numeric: [">", 0, "<=", 5] }], true],
  ["c-count", [{ numeric: [">", 5, "<=", 6] }], false],
  ["x-limit", [{ numeric: ["=", 3.018e2] }], true],
  ["d-count", [{ numeric: ["<", 10] }], true],
  ["state", [{ numeric: ["<", 10] }], false],
  ["source-ip", [{ cidr: "10.0.0.0/24" }], true],
  ["source-ip", [{ cidr: "10.0.1.0/24" }], false],
  ["source-ip6", [{ cidr: "2001:db8::/32" }], true],
  ["state", [{ cidr: "0.0.0.0/0" }], false],
  ["file", [{ wildcard: "/var/*/report.*" }], true],
  ["file", [{ wildcard: "/var/*/other.*" }], false],
  ["star", [{ wildcard: "a\\*b\\\\*" }], true],
  ["star", [{ wildcard: "a\\*c*" }], false],
  ["state", [{ wildcard: "runnin?" }], false],
  ["state", [{ exists: true }], true],
  ["nothing", [{ exists: true }], true],
  ["state", [{ exists: false }], false],
  ["missing", [{ exists: false }], true],
  ["none", [{ exists: false }], true],
  ["parts", [{ exists: true }], false],
  ["tags", ["two"], true],
  ["tags", ["three"], true],
  ["tags", [4], true],
  ["tags", ["five"], false],
  ["parts", { name: ["a"], size: [1] }, true],
  ["parts", { name: ["a"], size: [2] }, false],
  ["parts", { name: [{ exists: false }] }, false],
  ["parts", { colour: [{ exists: false }], size: [2] }, true],
  ["missing", { deeper: [{ exists: false }] }, true],
  ["missing", { deeper: ["x"] }, false],
])("detail.%s against %j", (field, matcher, expected) => {
  test(expected ? "matches" : "does not match", () => {
    expect(matches({ detail: { [field]: matcher } }, EVENT)).toBe(expected);
  });
});

describe("fields together", () => {
  test("must all match, and an array in the event needs one element that does", () => {
    const resources = ["arn:aws:ec2:us-east-1:123456789012:image/ami-1"];
    expect(matches({ source: ["aws.ec2"], resources, detail: { state: ["running"] } }, EVENT)).toBe(true);
    expect(matches({ source: ["aws.s3"], resources, detail: { state: ["running"] } }, EVENT)).toBe(false);
  });

  test("are alternatives under $or, at any depth", () => {
    const pattern = {
      source: ["aws.ec2"],
      $or: [
        { time: [{ prefix: "1999" }] },
        { detail: { $or: [{ state: ["stopped"] }, { "c-count": [{ numeric: [">", 4] }] }] } },
      ],
    };
    expect(matches(pattern, EVENT)).toBe(true);
    expect(matches(pattern, { ...EVENT, detail: { "c-count": 4 } })).toBe(false);
    expect(matches(pattern, { ...EVENT, source: "aws.s3" })).toBe(false);
  });

  test("are not those that every object inherits", () => {
    expect(matches({ detail: { constructor: [{ exists: false }] } }, EVENT)).toBe(true);
    expect(matches({ detail: { toString: { name: ["toString"] } } }, EVENT)).toBe(false);
    const own: unknown = JSON.parse('{"__proto__": {"admin": "yes"}}');
    expect(compileEventPattern('{"__proto__": {"admin": ["yes"]}}')(own)).toBe(true);
    expect(compileEventPattern('{"__proto__": {"admin": ["yes"]}}')({})).toBe(false);
  });
});

test.each<[string]>([
  ["not json"],
  ["[]"],
  ["{}"],
  ["null"],
  ['{"source": "aws.ec2"}'],
  ['{"source": []}'],
  ['{"detail": {}}'],
  ['{"source": [["aws.ec2"]]}'],
  ['{"source": [{"contains": "ec2"}]}'],
  ['{"source": [{}]}'],
  ['{"source": [{"prefix": "a", "suffix": "b"}]}'],
  ['{"source": [{"prefix": 1}]}'],
  ['{"source": [{"prefix": {"suffix": "a"}}]}'],
  ['{"source": [{"anything-but": []}]}'],
  ['{"source": [{"anything-but": ["a", 1]}]}'],
  ['{"source": [{"anything-but": {"numeric": ["=", 1]}}]}'],
  ['{"source": [{"anything-but": {"prefix": []}}]}'],
  ['{"source": [{"numeric": []}]}'],
  ['{"source": [{"numeric": ["!=", 1]}]}'],
  ['{"source": [{"numeric": ["<", 1, ">", 0]}]}'],
  ['{"source": [{"numeric": [">", 5, "<", 5]}]}'],
  ['{"source": [{"numeric": [">", 0, "<", 5, "="]}]}'],
  ['{"source": [{"numeric": ["=", 5000000001]}]}'],
  ['{"source": [{"cidr": "10.0.0.0"}]}'],
  ['{"source": [{"cidr": "10.0.0.0/33"}]}'],
  ['{"source": [{"exists": "yes"}]}'],
  ['{"source": [{"wildcard": "a**b"}]}'],
  ['{"source": [{"wildcard": "a\\\\b"}]}'],
  ['{"$or": [{"source": ["a"]}]}'],
  ['{"$or": [{"prefix": ["a"]}, {"source": ["a"]}]}'],
  [JSON.stringify({ source: ["x".repeat(4096)] })],
])("%s is not a pattern", (source) => {
  expect(() => compileEventPattern(source)).toThrow(expect.objectContaining({ code: "InvalidEventPatternException" }));
});

test("an event nested beyond any stack is matched like another", () => {
  const depth = 100_000;
  const event: unknown = JSON.parse(`{"detail": {"deep": ${"[".repeat(depth)}"end"${"]".repeat(depth)}}}`);
  expect(matches({ detail: { deep: ["end"] } }, event)).toBe(true);
  expect(matches({ detail: { deep: ["other"] } }, event)).toBe(false);
});

test("every event of leaves matches the pattern of its own values, and no pattern that asks for one more field", () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const name = fc.string({ minLength: 1 }).filter((text) => text !== "$or" && text !== "extra" && text !== "__proto__");
  fc.assert(
    fc.property(fc.dictionary(name, leaf, { minKeys: 1, maxKeys: 5 }), (fields) => {
      const event: unknown = JSON.parse(JSON.stringify(fields));
      const own = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, [value]]));
      expect(matches(own, event)).toBe(true);
      expect(matches({ ...own, extra: [{ exists: true }] }, event)).toBe(false);
      expect(matches({ ...own, extra: [{ exists: false }] }, event)).toBe(true);
    }),
  );
});
