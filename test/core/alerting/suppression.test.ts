/** A suppression covers what it names until its day is over, and names a rule that is there. */
import { describe, expect, test } from "vitest";
import { denialRules } from "../../../lib/core/access/judge-access.ts";
import { suppressionOf } from "../../../lib/core/alerting/suppression.ts";
import { findUnknownRules } from "../../../lib/core/alerting/unknown-rules.ts";
import { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { FINDING } from "./findings.ts";

const SUPPRESSION = { rule: FINDING.rule.id, owner: "bo@acme.example", reason: "Agreed.", until: "2026-07-31" };
const POLICY = {
  id: "no-self-approval",
  reason: "nobody approves their own",
  effect: "forbid",
  text: "",
  at: "a.cedar:1",
} as const;
const NOON = Date.parse("2026-07-15T12:00:00Z");

function configurationWith(...suppressions: object[]): Configuration {
  return Configuration.parse({
    organisation: "acme",
    timezone: "Pacific/Auckland",
    alerts: { email: ["a@acme.example"], suppressions },
  });
}

describe("a suppression covers", () => {
  test.each<[string, object]>([
    ["a rule by its id", {}],
    ["a rule by its title", { rule: FINDING.rule.title }],
    ["a principal by a pattern", { principal: "arn:aws:iam::*:user/an?" }],
    ["a principal by the person behind it", { principal: "ana@acme.example" }],
    ["a resource by a pattern", { resource: "*:shop-release/*" }],
  ])("%s", (_, members) => {
    const configuration = configurationWith({ ...SUPPRESSION, ...members });
    expect(suppressionOf(FINDING, configuration, NOON).active).toMatchObject(members);
  });

  test.each<[string, object]>([
    ["another rule", { rule: "Approved by" }],
    ["another principal", { principal: "arn:aws:iam::*:user/bo" }],
    ["another resource", { resource: "*:billing-*" }],
    ["a part of a name", { principal: "user/ana" }],
    ["another principal, though the resource is covered", { principal: "x", resource: "*" }],
  ])("not %s", (_, members) => {
    expect(suppressionOf(FINDING, configurationWith({ ...SUPPRESSION, ...members }), NOON)).toEqual({});
  });

  test("no finding without a resource where it names one", () => {
    const { resource: _, ...bare } = FINDING;
    const suppression = { ...SUPPRESSION, resource: "arn:*" };
    expect(suppressionOf(bare, configurationWith(suppression), NOON)).toEqual({});
  });
});

describe("the last day of a suppression", () => {
  test.each([
    ["is its own", "2026-07-31T11:59:59.999Z", "active"],
    ["ends at midnight where the organisation is", "2026-07-31T12:00:00Z", "expired"],
  ] as const)("%s", (_, now, expected) => {
    const found = suppressionOf(FINDING, configurationWith(SUPPRESSION), Date.parse(now));
    expect(Object.keys(found)).toEqual([expected]);
  });

  test("is that of the longest of several", () => {
    const longer = { ...SUPPRESSION, until: "2026-08-31", reason: "Prolonged." };
    const configuration = configurationWith(SUPPRESSION, longer, { ...SUPPRESSION, until: "2026-06-30" });
    expect(suppressionOf(FINDING, configuration, Date.parse("2026-08-15")).active).toEqual(longer);
    expect(suppressionOf(FINDING, configuration, Date.parse("2026-09-15")).expired).toEqual(longer);
  });
});

describe("gatebook.yml", () => {
  const withRule = (rule: string) =>
    `organisation: acme
alerts:
  email: [a@acme.example]
  suppressions:
    - rule: ${rule}
      owner: bo@acme.example
      reason: Agreed.
      until: 2026-07-31
`;
  const read = (text: string) =>
    parseConfiguration(text, "gatebook.yml", (parsed) =>
      findUnknownRules(parsed, [FINDING.rule, ...denialRules([POLICY])]),
    );

  test.each([
    FINDING.rule.id,
    FINDING.rule.title,
    "Root has no MFA",
    "Secret in a commit",
    "policy:not-allowed",
    "policy:no-self-approval",
  ])("may suppress %s", (rule) => expect(read(withRule(rule)).alerts.suppressions).toHaveLength(1));

  test("is refused where it suppresses a rule that is not there, with the line", () => {
    expect(() => read(withRule("Aproved by the starter"))).toThrow(
      "gatebook.yml:5: alerts.suppressions[0].rule: Aproved by the starter is neither the id nor the title of a rule",
    );
  });

  test.each<[string, string, RegExp]>([
    ["without an owner", "      owner: bo@acme.example\n", /alerts\.suppressions\[0\]\.owner: /],
    ["without a reason", "      reason: Agreed.\n", /alerts\.suppressions\[0\]\.reason: /],
    ["without an end", "      until: 2026-07-31\n", /alerts\.suppressions\[0\]\.until: /],
  ])("is refused %s", (_, line, message) => {
    expect(() => read(withRule(FINDING.rule.title).replace(line, ""))).toThrow(message);
  });

  test.each([
    ["no day", "until: 2026-07-31", "until: never"],
    ["an owner who is nobody", "owner: bo@acme.example", "owner: bo"],
    ["an empty reason", "reason: Agreed.", 'reason: " "'],
    ["a key that is none", "reason: Agreed.", "reason: Agreed.\n      person: ana"],
  ])("is refused with %s", (_, from, to) => {
    expect(() => read(withRule(FINDING.rule.title).replace(from, to))).toThrow(/^gatebook\.yml:\d+: alerts\.supp/);
  });

  test.each(["maxMailsPerMinute: 0", "repeatAfterMinutes: 10081", "securityHub: sure"])("is refused with %s", (key) => {
    expect(() => read(`organisation: acme\nalerts:\n  email: [a@acme.example]\n  ${key}\n`)).toThrow(
      /^gatebook\.yml:4: alerts\./,
    );
  });
});
