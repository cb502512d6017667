/** What gatebook.yml says of access reviews, and each mistake in it with its line. */
import { describe, expect, test } from "vitest";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";

const PEOPLE = `organisation: acme
alerts: { email: [security@acme.example] }
people: [{ email: ana@acme.example, name: Ana }]
teams: { leads: [ana@acme.example], nobody: [] }
`;
const withCertifiers = (certifiers: string) =>
  `${PEOPLE}projects:\n  shop:\n    repositories: [x]\n    certifiers: ${certifiers}\n    roles: { developer: [ana@acme.example] }\n`;

describe("gatebook.yml", () => {
  test("has decisions of a review due after 14 days where it does not say", () => {
    expect(parseConfiguration(PEOPLE, "gatebook.yml").review).toMatchObject({
      dueAfterDays: 14,
      schedule: "quarterly",
    });
  });

  test("names people and teams who certify", () => {
    const { projects } = parseConfiguration(withCertifiers('["team:leads", ana@acme.example]'), "gatebook.yml");
    expect(projects["shop"]?.certifiers).toEqual(["team:leads", "ana@acme.example"]);
  });

  test.each([
    ["nobody", "[]", /^gatebook\.yml:8: projects\.shop\.certifiers: must name somebody: leave the key out/],
    [
      "a stranger",
      "[zoe@acme.example]",
      /^gatebook\.yml:8: projects\.shop\.certifiers\[0\]: zoe@acme\.example is neither/,
    ],
    ["a team that is none", '["team:till"]', /^gatebook\.yml:8: projects\.shop\.certifiers\[0\]: team:till is neither/],
    ["a team without members", '["team:nobody"]', /^gatebook\.yml:8: projects\.shop\.certifiers: nobody is among them/],
  ])("is refused with %s as certifiers", (_, certifiers, message) => {
    expect(() => parseConfiguration(withCertifiers(certifiers), "gatebook.yml")).toThrow(message);
  });

  test.each(["0", "29", "1.5", "soon"])("is refused with decisions that are due after %s days", (days) => {
    const text = `${PEOPLE}review:\n  dueAfterDays: ${days}\n`;
    expect(() => parseConfiguration(text, "gatebook.yml")).toThrow(
      "gatebook.yml:6: review.dueAfterDays: must be a whole number of days from 1 to 28",
    );
  });
});
