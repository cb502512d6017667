/** gatebook.yml is read whole or refused with file, line and key. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { GatebookError } from "../../../lib/core/errors.ts";

const MINIMAL = "organisation: acme\nalerts: { email: [security@acme.example] }\n";

function messageOf(text: string): string {
  try {
    parseConfiguration(text, "gatebook.yml");
  } catch (error) {
    if (error instanceof GatebookError && error.code === "CONFIGURATION_INVALID") return error.message;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("gatebook.yml", () => {
  test("of the repository is valid", () => {
    const configuration = parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml");
    expect(configuration.projects["shop"]?.environments["production"]?.deployRoles).toEqual([
      "arn:aws:iam::111122223333:role/shop-deploy",
    ]);
  });

  test("needs an organisation and an address for alerts; the rest has defaults", () => {
    expect(parseConfiguration(MINIMAL, "gatebook.yml")).toMatchObject({
      timezone: "UTC",
      businessHours: { from: "08:00", to: "18:00", days: ["mon", "tue", "wed", "thu", "fri"] },
      evidence: { retentionDays: 2555, mode: "COMPLIANCE" },
      review: { keyMaxAgeDays: 90, explainWithinHours: 24 },
      alerts: { minimumLevel: "medium", repeatAfterMinutes: 60 },
    });
  });

  test.each([
    [
      "a wrong value",
      `${MINIMAL}review:\n  keyMaxAgeDays: soon\n`,
      /^gatebook\.yml:4: review\.keyMaxAgeDays: .*number/,
    ],
    [
      "hours that are none to explain something in",
      `${MINIMAL}review:\n  explainWithinHours: 0\n`,
      /^gatebook\.yml:4: review\.explainWithinHours: must be a whole number of hours from 1 to 720/,
    ],
    [
      "an unknown key",
      `${MINIMAL}evidence:\n  retentionDay: 3\n`,
      /^gatebook\.yml:4: evidence\.retentionDay: is not a key/,
    ],
    ["a missing key", "timezone: UTC\n", /gatebook\.yml:1: organisation: /],
    [
      "an item of a list",
      `${MINIMAL}businessHours:\n  days: [mon,\n    lundi]\n`,
      /^gatebook\.yml:5: businessHours\.days\[1\]: /,
    ],
    ["an unknown time zone", `${MINIMAL}timezone: Mars/Olympus\n`, /^gatebook\.yml:3: timezone: .*IANA/],
    [
      "hours that end before they begin",
      `${MINIMAL}businessHours: { from: "18:00", to: "08:00" }\n`,
      /businessHours\.to: must be later/,
    ],
    ["YAML that does not parse", `${MINIMAL}people: [\n`, /^gatebook\.yml:\d+: /],
    ["a key given twice", `${MINIMAL}organisation: again\n`, /^gatebook\.yml:3: Map keys must be unique/],
    [
      "a team member who is nobody",
      `${MINIMAL}teams:\n  shop: [zoe@acme.example]\n`,
      /^gatebook\.yml:4: teams\.shop\[0\]: zoe@acme\.example is neither/,
    ],
    [
      "a home that is no region",
      `${MINIMAL}sources:\n  home:\n    account: "111122223333"\n    region: Ireland\n`,
      /^gatebook\.yml:6: sources\.home\.region: must be a region of AWS, such as eu-west-1/,
    ],
    [
      "an organisation that is none of AWS's",
      `${MINIMAL}sources:\n  organisationId: acme\n`,
      /^gatebook\.yml:4: sources\.organisationId: must be the id of an AWS organisation/,
    ],
    [
      "an organisation that may send to nowhere",
      `${MINIMAL}sources:\n  organisationId: o-abcdefghij\n`,
      /^gatebook\.yml:4: sources\.organisationId: needs sources\.home/,
    ],
    [
      "accounts that may send to nowhere",
      `${MINIMAL}sources:\n  accounts: ["444455556666"]\n`,
      /^gatebook\.yml:4: sources\.accounts: needs sources\.home/,
    ],
    [
      "an account id that YAML reads as a number",
      `${MINIMAL}sources:\n  accounts: [444455556666]\n`,
      /^gatebook\.yml:4: sources\.accounts\[0\]: /,
    ],
    [
      "more accounts than a bus's policy holds",
      `${MINIMAL}sources:\n  accounts: [${'"444455556666",'.repeat(101)}]\n`,
      /^gatebook\.yml:4: sources\.accounts: must be at most 100: name organisationId instead/,
    ],
    [
      "an unknown key of an environment",
      `${MINIMAL}projects:\n  shop:\n    environments:\n      production: { account: ["111122223333"] }\n`,
      /^gatebook\.yml:6: projects\.shop\.environments\.production\.account: is not a key/,
    ],
    [
      "an environment that is perhaps one of production",
      `${MINIMAL}projects:\n  shop:\n    environments:\n      live: { production: "yes" }\n`,
      /^gatebook\.yml:6: projects\.shop\.environments\.live\.production: must be true or false/,
    ],
    [
      "a person who is there twice",
      `${MINIMAL}people:\n  - { email: ana@acme.example, name: Ana }\n  - { email: Ana@acme.example, name: Ana L }\n`,
      /^gatebook\.yml:5: people\[1\]\.email: ana@acme\.example is under people already/,
    ],
    ["no protected branch", `${MINIMAL}protectedBranches: []\n`, /^gatebook\.yml:3: protectedBranches: .*at least one/],
    [
      "a branch without a name",
      `${MINIMAL}protectedBranches: [main, ""]\n`,
      /^gatebook\.yml:3: protectedBranches\[1\]: /,
    ],
    [
      "everybody as break-glass access",
      `${MINIMAL}breakGlass:\n  - arn:aws:iam::111122223333:role/break-glass\n  - "**"\n`,
      /^gatebook\.yml:5: breakGlass\[1\]: is everybody/,
    ],
    [
      "a list by the name of one of Gatebook's own",
      `${MINIMAL}detections:\n  placeholders:\n    deploy_roles: [x]\n`,
      /^gatebook\.yml:5: detections\.placeholders\.deploy_roles: is filled by Gatebook itself/,
    ],
    [
      "a list that no rule could name",
      `${MINIMAL}detections:\n  placeholders:\n    "Build Roles": [x]\n`,
      /^gatebook\.yml:5: detections\.placeholders\.Build Roles: /,
    ],
    [
      "a lateness after which nothing is counted any more",
      `${MINIMAL}detections:\n  latenessMinutes: 1441\n`,
      /^gatebook\.yml:4: detections\.latenessMinutes: must be a whole number of minutes from 0 to 1440/,
    ],
    ["something else than a map", "just text\n", /^gatebook\.yml:1: /],
    ["nothing", "", /^gatebook\.yml:1: /],
  ])("says line and key of %s", (_, text, expected) => expect(messageOf(text)).toMatch(expected));

  test("says all that is wrong at once", () => {
    expect(messageOf("organisation: ACME\nalerts: { email: [] }\n").split("\n")).toHaveLength(2);
  });

  test.each([
    ["github:x", "github:x"],
    ["github:AnaLima", "github:analima"],
  ])("refuses one identity for two people: %s and %s", (first, second) => {
    const people = [
      `ana@acme.example, name: ana, identities: ["${first}"]`,
      `bo@acme.example, name: bo, identities: ["${second}"]`,
    ];
    expect(messageOf(`${MINIMAL}people:\n${people.map((person) => `  - { email: ${person} }\n`).join("")}`)).toMatch(
      new RegExp(`:5: people\\[1\\]\\.identities\\[0\\]: ${second} already belongs to ana`),
    );
  });

  test("survives aliases that unfold without end", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(",")}]\n`,
    );
    expect(messageOf(`a0: &a0 [x]\n${levels.join("")}`)).toMatch(/aliases/);
  });

  test("keeps __proto__ a key like any other", () => {
    expect(messageOf(`${MINIMAL}__proto__: { polluted: true }\n`)).toMatch(/__proto__/);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

test("the log may have from 1 to 16 shards, and has 1 by itself", () => {
  const shardsOf = (more: string): number => parseConfiguration(MINIMAL + more, "gatebook.yml").evidence.shards;
  expect([shardsOf(""), shardsOf("evidence: { shards: 1 }"), shardsOf("evidence: { shards: 16 }")]).toEqual([1, 1, 16]);
  for (const wrong of ["0", "17", "-1", "1.5", '"2"', "many", "[2]", "1e9"]) {
    expect(() => shardsOf(`evidence: { shards: ${wrong} }`)).toThrow(
      "evidence.shards: must be a whole number from 1 to 16",
    );
  }
});
