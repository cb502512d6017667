/** Who may release where: on a project everywhere in it, in an environment there alone. */
import { describe, expect, test } from "vitest";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { releaseManagers } from "../../../lib/core/configuration/release-managers.ts";

const [ANA, BO, CY] = ["ana@acme.example", "bo@acme.example", "cy@acme.example"];
const people = [ANA, BO, CY].map((email) => `{ email: ${email}, name: x }`).join(", ");
const mayRelease = releaseManagers(
  parseConfiguration(
    `
organisation: acme
alerts: { email: [security@acme.example] }
people: [${people}]
teams: { ops: [${CY}] }
projects:
  shop:
    repositories: ["github:acme/shop"]
    environments:
      production: { roles: { release-manager: [${BO}, "team:ops"] } }
      staging: {}
    roles: { release-manager: [${ANA}] }
  till:
    repositories: ["github:acme/till"]
    environments: { production: { roles: { release-manager: [${BO}] } }, staging: {} }
`,
    "gatebook.yml",
  ),
);
const shop = { project: "shop" };
const production = { ...shop, environment: "production" };
const staging = { ...shop, environment: "staging" };

describe("a release manager", () => {
  test("of a project is one in each of its environments", () => {
    for (const place of [shop, production, staging]) expect(mayRelease([place], [ANA])).toBe(true);
  });

  test.each([BO, CY])("of one environment is none of another, nor of the project: %s", (person) => {
    expect(mayRelease([production], [person])).toBe(true);
    for (const place of [shop, staging]) expect(mayRelease([place], [person])).toBe(false);
  });

  test("of one of a project's places is none of all of them, and one of either project is enough", () => {
    expect(mayRelease([staging, production], [ANA])).toBe(true);
    expect(mayRelease([staging, production], [BO])).toBe(false);
    const till = { project: "till", environment: "production" };
    expect(mayRelease([staging, till], [ANA, BO])).toBe(true);
    expect(mayRelease([staging], [ANA, BO])).toBe(false);
    // What nobody names release managers of asks for none.
    expect(mayRelease([{ ...till, environment: "staging" }, till], [BO])).toBe(true);
  });
});

test("where nobody is named, nobody is said to be entitled or not", () => {
  const till = { project: "till" };
  expect(mayRelease([till], [BO])).toBeUndefined();
  expect(mayRelease([{ ...till, environment: "staging" }], [BO])).toBeUndefined();
  expect(mayRelease([{ ...till, environment: "production" }], [ANA])).toBe(false);
});

test.each(["__proto__", "constructor", "nowhere"])("%s is no place, nor an environment of one", (name) => {
  expect(mayRelease([{ project: name, environment: name }], [ANA])).toBeUndefined();
  expect(mayRelease([{ project: "till", environment: name }], [BO])).toBeUndefined();
});
