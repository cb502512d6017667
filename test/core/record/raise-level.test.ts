/** A finding is one level higher where a critical component is touched, and only once. */
import { describe, expect, test } from "vitest";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { levelRaiser } from "../../../lib/core/record/raise-level.ts";
import { FINDING } from "../alerting/findings.ts";

const raise = levelRaiser({
  components: [
    { name: "production secrets", match: ["*"], sensitivity: "critical" },
    { name: "deploy roles", match: ["*"], sensitivity: "high" },
  ],
});
const touching = (level: Finding["level"], ...components: string[]): Finding => ({ ...FINDING, level, components });

describe("a level", () => {
  test.each([
    ["informational", "low"],
    ["low", "medium"],
    ["medium", "high"],
    ["high", "critical"],
  ] as const)("%s is raised to %s where a critical component is touched, and says so", (level, raised) => {
    const finding = touching(level, "deploy roles", "production secrets");
    expect(raise(finding)).toEqual({ ...finding, level: raised, raisedFrom: level });
  });

  test.each([
    ["critical already", touching("critical", "production secrets")],
    ["of what is not critical", touching("medium", "deploy roles", "something else")],
    ["of nothing that is named", FINDING],
    ["that was raised before", { ...touching("high", "production secrets"), raisedFrom: "medium" as const }],
  ])("stays where it is %s", (_, finding) => expect(raise(finding)).toBe(finding));
});
