/** Conditions as the Sigma specification has them, and hostile ones. */
import { describe, expect, test } from "vitest";
import { parseCondition } from "../../../lib/core/detections/condition.ts";
import type { Condition } from "../../../lib/core/detections/rule.ts";

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
    ["for an aggregation", "selection1 | count() by user > 5", /aggregations .* not supported/],
    ["for near", "selection1 | near selection2", /near .* not supported/],
    ["for 4,000 nested parentheses", `${"(".repeat(4_000)}keywords${")".repeat(4_000)}`, /nests deeper/],
    ["for 2,000 nots", `${"not ".repeat(2_000)}keywords`, /nests deeper/],
    ["for 10,000 nested parentheses", `${"(".repeat(10_000)}keywords${")".repeat(10_000)}`, /longer than/],
  ])("%s", (_, text, message) => expect(() => parse(text)).toThrow(message));

  test("for quantifiers that multiply its selections", () => {
    const names = Array.from({ length: 200 }, (_, i) => `s${i}`);
    expect(() => parse(Array(800).fill("1 of s*").join(" or "), names)).toThrow(/too many/);
  });
});
