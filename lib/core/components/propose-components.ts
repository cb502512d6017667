/** What to write into gatebook.yml about components that were seen used and that it does not name. */
import { Document } from "yaml";
import type { Configuration } from "../configuration/configuration.ts";
import type { ComponentKind } from "./component-kind.ts";
import type { SeenComponent } from "./seen-components.ts";

type Sensitivity = Configuration["components"][number]["sensitivity"];

/** Names to one proposal: a list that nobody reads protects nothing. Beyond it a pattern is wanted, which only its owner can write. */
const MAX_MATCHES = 100;

/** Roles that only people take on say little about the delivery: they are listed, and not proposed. */
const PROPOSALS: Readonly<Record<Exclude<ComponentKind, "role">, readonly [name: string, sensitivity: Sensitivity]>> = {
  "deploy role": ["deploy roles seen", "critical"],
  pipeline: ["pipelines seen", "high"],
  "build project": ["build projects seen", "high"],
  "deployment target": ["deployment targets seen", "high"],
  secret: ["secrets seen", "critical"],
  key: ["keys seen", "high"],
  "state bucket": ["state buckets seen", "critical"],
  "artifact bucket": ["artifact buckets seen", "high"],
  registry: ["registries seen", "high"],
  repository: ["repositories seen", "medium"],
};

/** @returns a `components:` block of gatebook.yml, or nothing where there is nothing to propose */
export function proposeComponents(seen: readonly SeenComponent[]): string | undefined {
  const open = seen.filter(({ classified }) => classified === undefined);
  const components = Object.entries(PROPOSALS).flatMap(([kind, [name, sensitivity]]) => {
    const match = open.filter((component) => component.kind === kind).flatMap(patternsOf);
    return match.length === 0 ? [] : [{ name, match: match.slice(0, MAX_MATCHES), sensitivity }];
  });
  return components.length === 0 ? undefined : new Document({ components }).toString({ lineWidth: 0 });
}

/** Secrets Manager's ARNs end in six characters of its own, which calls by the secret's name do not have. */
function patternsOf({ name }: SeenComponent): string[] {
  return name.includes(":secretsmanager:") ? [name, `${name}-??????`] : [name];
}
