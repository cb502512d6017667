/** What selections, values and modifiers mean, by example. */
import { describe, expect, test } from "vitest";
import { compileRule } from "../../../../lib/core/detections/match/compile-rule.ts";
import { parseRule } from "../../../../lib/core/detections/sigma/parse-rule.ts";
import { ruleText, selecting } from "../rules.ts";

type Example = readonly [why: string, lines: string, record: unknown, expected: boolean];

function examples(of: string, table: readonly Example[]): void {
  describe(of, () => {
    test.each(table)("%s: %j on %j is %j", (_, lines, record, expected) =>
      expect(selecting(lines).matches(record)).toBe(expected),
    );
  });
}

examples("a value", [
  ["is compared without case", "a: Admin", { a: "aDMIN" }, true],
  ["is the whole text", "a: admin", { a: "admins" }, false],
  ["has wildcards", "a: adm*n?", { a: "admin1" }, true],
  ["that is a number is its text", "a: 4769", { a: "4769" }, true],
  ["that is text is a number's", "a: '4769'", { a: 4769 }, true],
  ["that is true is its text", "a: true", { a: "true" }, true],
  ["that is text is a boolean's", "a: 'false'", { a: false }, true],
  ["that is empty is empty text", "a: ''", { a: "" }, true],
  ["that is empty is not missing", "a: ''", {}, false],
  ["is not null", "a: 'null'", { a: null }, false],
  ["that is null is missing", "a: null", {}, true],
  ["that is null is null", "a:", { a: null }, true],
  ["that is null is nothing else", "a: null", { a: "" }, false],
  ["that is null is not below a text", "a.b: null", { a: "x" }, true],
  ["in a list is any of them", "a: [x, y, z, w*]", { a: "Y" }, true],
  ["in a list is any wildcard of them", "a: [x, y, z, w*]", { a: "www" }, true],
  ["in a list is none of the others", "a: [x, y, z, w*]", { a: "v" }, false],
  ["in a list with null", "a: [Success, null]", {}, true],
]);

examples("a field", [
  ["is a dotted path", "a.b.c: x", { a: { b: { c: "x" } } }, true],
  ["goes through arrays", "a.b: y", { a: [{ b: "x" }, { b: "y" }] }, true],
  ["goes through arrays in arrays", "a.b.c: y", { a: [[{ b: [{ c: "y" }] }], 7] }, true],
  ["that is an array is any element", "a: y", { a: ["x", "y"] }, true],
  ["that is an array is its JSON as well", `a|contains: '["x",'`, { a: ["x", "y"] }, true],
  ["that is an object is its compact JSON", `a|contains: '"k":{"l":[1,null]}'`, { a: { k: { l: [1, null] } } }, true],
  ["that is missing never equals", "a: x", {}, false],
  ["is the record's own", "constructor.name: Object", {}, false],
  ["is the record's own, as is its length", "a.length: 1", { a: "x" }, false],
  ["is compared with its case", "A: x", { a: "x" }, false],
]);

examples("a selection", [
  ["is all of its fields", "a: x\nb: y", { a: "x", b: "z" }, false],
  ["is all of its fields, found", "a: x\nb: y", { a: "x", b: "y" }, true],
  ["that is a list is any of its maps", "- a: x\n- b: y\n  c: z", { b: "y", c: "z" }, true],
  ["that is a list is no mix of its maps", "- a: x\n  b: y\n- c: z", { a: "x", c: "y" }, false],
]);

examples("contains, startswith and endswith", [
  ["contains", "a|contains: mid", { a: "a MIDdle" }, true],
  ["contains, not", "a|contains: mid", { a: "m-i-d" }, false],
  ["contains with wildcards", "a|contains: m?d*e", { a: "a middle way" }, true],
  ["contains any text", "a|contains: '*'", { a: "x" }, true],
  ["contains any text, but not null", "a|contains: '*'", { a: null }, false],
  ["contains a number", "a|contains: 22", { a: 1223 }, true],
  ["startswith", "a|startswith: adm", { a: "Administrator" }, true],
  ["startswith, not", "a|startswith: adm", { a: "an admin" }, false],
  ["endswith", String.raw`a|endswith: \cmd.exe`, { a: String.raw`C:\CMD.EXE` }, true],
  ["endswith, not", String.raw`a|endswith: \cmd.exe`, { a: String.raw`C:\cmd.exe.bak` }, false],
  ["all", "a|contains|all: [x, y]", { a: "y-x" }, true],
  ["all, not", "a|contains|all: [x, y]", { a: "x-z" }, false],
  ["all, over several elements", "a|all: [x, y]", { a: ["y", "x"] }, true],
]);

examples("cased", [
  ["keeps the case", "a|cased: Admin", { a: "Admin" }, true],
  ["keeps the case, not", "a|cased: Admin", { a: "admin" }, false],
  ["keeps the case of a part", "a|contains|cased: [X, Y, Z, W]", { a: "-x-" }, false],
  ["keeps the case of many", "a|cased: [A, B, C]", { a: "b" }, false],
]);

examples("exists", [
  ["true on a field", "a.b|exists: true", { a: { b: "" } }, true],
  ["true on null", "a|exists: true", { a: null }, true],
  ["true on nothing", "a|exists: true", {}, false],
  ["false on nothing", "a|exists: false", {}, true],
  ["false on a field", "a|exists: false", { a: 0 }, false],
]);

examples("a number", [
  ["gt", "a|gt: 5", { a: 6 }, true],
  ["gt, not", "a|gt: 5", { a: 5 }, false],
  ["gte", "a|gte: 5", { a: "5" }, true],
  ["lt", "a|lt: 5.5", { a: 5.25 }, true],
  ["lte, not", "a|lte: -1", { a: 0 }, false],
  ["never holds for text", "a|gte: 0", { a: "" }, false],
  ["never holds for a missing field", "a|lt: 5", {}, false],
  ["never holds for null", "a|lt: 5", { a: null }, false],
  ["any element", "a|gt: 5", { a: [1, 9] }, true],
]);

examples("neq", [
  ["another value", "a|neq: x", { a: "y" }, true],
  ["the value", "a|neq: x", { a: "X" }, false],
  ["a missing field", "a|neq: x", {}, true],
  ["none of a list", "a|neq: [x, y]", { a: "y" }, false],
  ["null is present", "a|neq: null", { a: "x" }, true],
  ["null is present, not", "a|neq: null", {}, false],
  ["another field", "a|fieldref|neq: b", { a: "x", b: "y" }, true],
]);

examples("cidr", [
  ["inside", "a|cidr: 10.0.0.0/8", { a: "10.1.2.3" }, true],
  ["outside", "a|cidr: 10.0.0.0/8", { a: "11.1.2.3" }, false],
  ["any network", "a|cidr: [192.0.2.0/24, '2001:db8::/32']", { a: "2001:DB8::1" }, true],
  ["an IPv4 address in IPv6's clothes", "a|cidr: 10.0.0.0/8", { a: "::ffff:10.1.2.3" }, true],
  ["no address", "a|cidr: 0.0.0.0/0", { a: "cloudtrail.amazonaws.com" }, false],
  ["no number", "a|cidr: 0.0.0.0/0", { a: 10 }, false],
]);

examples("fieldref", [
  ["the same value", "a|fieldref: b.c", { a: "X", b: { c: "x" } }, true],
  ["the same value, cased", "a|fieldref|cased: b", { a: "X", b: "x" }, false],
  ["another value", "a|fieldref: b", { a: "x", b: "y" }, false],
  ["any of one with any of the other", "a|fieldref: b", { a: ["x", "y"], b: ["z", "y"] }, true],
  ["none of one with any of the other", "a|fieldref: b", { a: ["x"], b: ["z"] }, false],
  ["two empty lists have nothing in common", "a|fieldref: b", { a: [], b: [] }, false],
  ["two missing fields have nothing in common", "a|fieldref: b", {}, false],
  ["two nulls have nothing in common", "a|fieldref: b", { a: null, b: null }, false],
  ["wildcards of a record are text", "a|fieldref: b", { a: "x", b: "*" }, false],
]);

describe("expand", () => {
  const roles = { roles: ["arn:aws:iam::*:role/shop-deploy", "arn:aws:iam::1:role/x"], none: [], nets: ["10.0.0.0/8"] };

  test.each([
    ["a value of the placeholder", "a|expand: '%roles%'", "arn:aws:iam::1:role/X", true],
    ["wildcards in its values", "a|expand: '%roles%'", "arn:aws:iam::2:role/shop-deploy", true],
    ["no other value", "a|expand: '%roles%'", "arn:aws:iam::1:role/y", false],
    ["text around it", "a|expand: '<%roles%>'", "<arn:aws:iam::1:role/x>", true],
    ["an escaped percent sign", String.raw`a|expand: '\%100 %roles%'`, "%100 arn:aws:iam::1:role/x", true],
    ["a modifier beside it", "a|contains|expand: '%roles%'", "see arn:aws:iam::1:role/x there", true],
    ["networks", "a|cidr|expand: '%nets%'", "10.9.9.9", true],
    ["an empty one never", "a|expand: '%none%'", "", false],
    ["an empty one among all never", "a|all|expand: ['%roles%', '%none%']", "arn:aws:iam::1:role/x", false],
    ["an empty network never", "a|cidr|expand: '%none%'", "10.9.9.9", false],
  ])("%s: %s on %s is %j", (_, lines, a, expected) => expect(selecting(lines, roles).matches({ a })).toBe(expected));

  test("without the modifier a percent sign is itself", () => {
    expect(selecting("a: '%roles%'", roles).matches({ a: "%roles%" })).toBe(true);
  });

  test.each([
    ["that is not known", "'%rolls%'", /^rule.yml:8: a: %rolls% is not known; known are %roles%/],
    ["by the name of something every object has", "'%constructor%'", /%constructor% is not known/],
  ])("refuses a placeholder %s", (_, value, message) => {
    const code = "RULE_INVALID";
    expect(() => selecting(`a|expand: ${value}`, roles)).toThrow(expect.objectContaining({ code }));
    expect(() => selecting(`a|expand: ${value}`, roles)).toThrow(message);
  });

  test("refuses a network that is none", () => {
    expect(() => selecting("a|cidr|expand: '%roles%'", roles)).toThrow(/^rule.yml:8: a: arn.* is not a network/);
  });

  test("refuses placeholders that multiply without end", () => {
    const many = { many: Array.from({ length: 1_000 }, (_, i) => String(i)) };
    expect(() => selecting("a|expand: '%many%%many%%many%'", many)).toThrow(/stands for over/);
  });
});

describe("a condition", () => {
  const rule = ruleText(`
selection: { name: Login }
filter_main_mfa: { mfa: true }
filter_main_test: { env: test }
condition: selection and not 1 of filter_main_*`);

  test.each([
    ["a missing field passes a not", { name: "login" }, true],
    ["a filter stops it", { name: "login", mfa: true }, false],
    ["the other filter stops it", { name: "login", mfa: false, env: "test" }, false],
    ["no filter stops it", { name: "login", mfa: false, env: "prod" }, true],
    ["its selection is missing", { name: "logout" }, false],
  ])("%s", (_, record, expected) => expect(compileRule(parseRule(rule, "r"), {}).matches(record)).toBe(expected));

  test("that is a list holds where any of it does", () => {
    const text = ruleText("a: { x: 1 }\nb: { x: 2 }\nc: { y: 1 }\ncondition: [a, b and c]");
    const { matches } = compileRule(parseRule(text, "r"), {});
    expect([{ x: 1 }, { x: 2 }, { x: 2, y: 1 }].map(matches)).toEqual([true, false, true]);
  });
});

test("a parsed rule is plain JSON: stored and read again it does the same", () => {
  const rule = parseRule(
    ruleText("s:\n  - a|contains|all: [x, y]\n    b|expand: '%p%'\n  - c: null\ncondition: not not s"),
    "r",
  );
  const stored: typeof rule = JSON.parse(JSON.stringify(rule));
  expect(stored).toEqual(rule);
  const { matches } = compileRule(stored, { p: ["q"] });
  expect([{ a: "xy", b: "Q", c: 1 }, { a: "xy", b: "z", c: 1 }, {}].map(matches)).toEqual([true, false, true]);
});
