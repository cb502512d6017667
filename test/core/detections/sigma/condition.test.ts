/** Conditions as the Sigma specification has them, and hostile ones. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Condition } from "../../../../lib/core/detections/rule.ts";
import { parseCondition } from "../../../../lib/core/detections/sigma/condition.ts";

const NAMES = ["selection1", "selection2", "filter_main_a", "filter_main_b", "keywords", "_helper"];
const parse = (text: string, names: readonly string[] = NAMES): Condition =>
  parseCondition(text, { names, invalid: (message) => new SyntaxError(message) });

/** With a parenthesis around everything that binds. */
function show(condition: Condition): string {
  if (condition.type === "selection") return condition.name;
  if (condition.type === "not") return `not ${show(condition.condition)}`;
  return `(${condition.conditions.map(show).join(condition.type === "any" ? " or " : " and ")})`;
}

describe("a condition", () => {
  test.each([
    ["selection1", "selection1"],
    ["selection1 and selection2", "(selection1 and selection2)"],
    ["selection1 or selection2 and not keywords", "(selection1 or (selection2 and not keywords))"],
    ["selection1 and (keywords or selection2)", "(selection1 and (keywords or selection2))"],
    ["not not keywords and selection1", "(not not keywords and selection1)"],
    ["((keywords))", "keywords"],
    ["selection1 AND NOT keywords OR selection2", "((selection1 and not keywords) or selection2)"],
    ["1 of selection*", "(selection1 or selection2)"],
    ["any of selection*", "(selection1 or selection2)"],
    ["all of selection*", "(selection1 and selection2)"],
    ["1 of *_main_*", "(filter_main_a or filter_main_b)"],
    ["1 of keywords", "(keywords)"],
    ["keywords and not 1 of filter_main_*", "(keywords and not (filter_main_a or filter_main_b))"],
    ["1 of them", "(selection1 or selection2 or filter_main_a or filter_main_b or keywords)"],
    ["all of them", "(selection1 and selection2 and filter_main_a and filter_main_b and keywords)"],
    ["1 of _*", "(_helper)"],
    ["(keywords)and(selection1)", "(keywords and selection1)"],
  ])("%s", (text, expected) => expect(show(parse(text))).toBe(expected));

  test("may use a selection that is named like a quantifier", () => {
    expect(show(parse("all or 1", ["all", "1"]))).toBe("(all or 1)");
  });

  test("joins hundreds of selections without nesting them", () => {
    expect(show(parse(Array(700).fill("keywords").join(" or ")))).toContain("keywords or keywords");
  });
});

type Tree = readonly ["name", string] | readonly ["not", Tree] | readonly ["and" | "or", Tree, Tree];

const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    fc.tuple(fc.constant("name" as const), fc.constantFrom(...NAMES)),
    fc.tuple(fc.constant("not" as const), tie("tree")),
    fc.tuple(fc.constantFrom("and" as const, "or" as const), tie("tree"), tie("tree")),
  ),
})).tree;

const BINDING = { or: 0, and: 1, not: 2, name: 3 };

/** With as few parentheses as the specification's precedence allows. */
function write(written: Tree): string {
  const [type] = written;
  const within = (inner: Tree): string => (BINDING[inner[0]] < BINDING[type] ? `(${write(inner)})` : write(inner));
  if (written[0] === "name") return written[1];
  if (written[0] === "not") return `not ${within(written[1])}`;
  return `${within(written[1])} ${type} ${within(written[2])}`;
}

function holds(written: Tree, world: ReadonlySet<string>): boolean {
  switch (written[0]) {
    case "name":
      return world.has(written[1]);
    case "not":
      return !holds(written[1], world);
    case "and":
      return holds(written[1], world) && holds(written[2], world);
    case "or":
      return holds(written[1], world) || holds(written[2], world);
  }
}

function parsedHolds(condition: Condition, world: ReadonlySet<string>): boolean {
  if (condition.type === "selection") return world.has(condition.name);
  if (condition.type === "not") return !parsedHolds(condition.condition, world);
  const holding = condition.conditions.filter((inner) => parsedHolds(inner, world)).length;
  return condition.type === "any" ? holding > 0 : holding === condition.conditions.length;
}

test("a condition holds where what it was written from does, with the fewest parentheses", () => {
  fc.assert(
    fc.property(tree, fc.subarray(NAMES), (written, names) => {
      const world = new Set(names);
      expect(parsedHolds(parse(write(written)), world)).toBe(holds(written, world));
    }),
    { numRuns: 2_000 },
  );
});

describe("a condition is refused", () => {
  test.each([
    ["when it is empty", " ", /empty/],
    ["for a selection that is not there", "selection3", /"selection3" where a selection/],
    ["for a pattern that names nothing", "1 of sel3*", /no selection is named "sel3\*"/],
    ["for a missing operator", "selection1 selection2", /"selection2" where "and", "or" or the end/],
    ["for a missing operand", "selection1 and", /ends where a selection/],
    ["for a missing target", "1 of", /must be followed by/],
    ["for an open parenthesis", "(selection1", /not closed/],
    ["for a stray parenthesis", "selection1)", /"\)"/],
    ["for a count of selections", "2 of selection*", /only 1, any and all/],
    ["for an aggregation", "selection1 | count() by user > 5", /aggregations .* write a correlation/],
    ["for near", "selection1 | near selection2", /near .* write a correlation/],
    ["for 4,000 nested parentheses", `${"(".repeat(4_000)}keywords${")".repeat(4_000)}`, /nests deeper/],
    ["for 2,000 nots", `${"not ".repeat(2_000)}keywords`, /nests deeper/],
    ["for 10,000 nested parentheses", `${"(".repeat(10_000)}keywords${")".repeat(10_000)}`, /longer than/],
  ])("%s", (_, text, message) => expect(() => parse(text)).toThrow(message));

  test("for quantifiers that multiply its selections", () => {
    const names = Array.from({ length: 200 }, (_, i) => `s${i}`);
    expect(() => parse(Array(800).fill("1 of s*").join(" or "), names)).toThrow(/too many/);
  });
});
