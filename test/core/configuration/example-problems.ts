/** The beginning of a gatebook.yml, and what is said of the whole. */
import { findUnknownRoles } from "../../../lib/core/access/unknown-roles.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { GatebookError } from "../../../lib/core/errors.ts";
import { exampleAccess } from "../access/example-access.ts";

const { policies } = exampleAccess();
export const PEOPLE = `organisation: acme
alerts: { email: [security@acme.example] }
people: [{ email: ana@acme.example, name: Ana }]
teams: { shop: [ana@acme.example], nobody: [] }
projects:
`;
export const SHOP = `${PEOPLE}  shop:
    repositories: ["github:acme/shop"]
`;

/** The lines of what is said of a gatebook.yml. */
export function problemsOf(text: string): string[] {
  try {
    parseConfiguration(text, "gatebook.yml", (configuration) => findUnknownRoles(configuration, policies));
    return [];
  } catch (error) {
    if (error instanceof GatebookError && error.code === "CONFIGURATION_INVALID") return error.message.split("\n");
    throw error;
  }
}
