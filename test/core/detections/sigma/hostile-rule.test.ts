/** YAML that is meant to do harm is refused, with file and line. */
import { describe, test } from "vitest";
import { ruleText } from "../rules.ts";
import { expectRefusal, WHOLE } from "./refusals.ts";

describe("hostile YAML is refused", () => {
  const levels = Array.from({ length: 12 }, (_, i) =>
    `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}x]`.replaceAll("*a-1", "x"),
  );
  test.each([
    ["that is nothing", "", /^rule.yml:1: is empty/],
    ["that is text", "trail", /^rule.yml:1: must be a map of keys/],
    ["that is no YAML", "title: [", /^rule.yml:1: /],
    ["with a key twice", `${WHOLE}level: low\n`, /^rule.yml:18: .*unique/i],
    ["with a tag of its own", WHOLE.replace("critical", "!!js/function x"), /^rule.yml:16: .*tag/i],
    [
      "with a second document",
      `${WHOLE}---\ntitle: x\n`,
      /^rule.yml:19: a second YAML document where one rule should be/,
    ],
    ["with aliases that multiply", `${levels.join("\n")}\n${WHOLE}`, /unfold without end/],
    [
      "with an alias of itself",
      ruleText("s: &a { b: [x, *a] }\ncondition: s"),
      /^rule.yml:7: detection.s.b: must be text/,
    ],
    ["nested 10,000 deep", `${WHOLE}x: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`, /nests too deeply/],
    ["with a list as key", ruleText("s: { ? [a, b] : x }\ncondition: s"), /^rule.yml:7: a key must be plain text/],
    ["of a megabyte", `${WHOLE}#${"x".repeat(1024 * 1024)}`, /is larger than/],
  ])("%s", (_, text, message) => expectRefusal(text, message));
});
