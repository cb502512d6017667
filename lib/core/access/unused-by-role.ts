/** What a role allows, and none of those who hold it did. */
import type { Configuration } from "../configuration/configuration.ts";
import type { Project } from "../configuration/project.ts";
import { holdersOf, projectWith, type WrittenRole, writtenRoles } from "../configuration/role-members.ts";
import type { AskedBefore } from "./access-census.ts";
import { type AccessPlace, type GovernedAction, nameOfPlace } from "./access-question.ts";
import type { DecideAccess } from "./decide-access.ts";
import { permissionsOf } from "./permissions.ts";

export interface UnusedByRole extends AccessPlace {
  readonly role: string;
  /** Of a role on a project: in none of its environments was it done. */
  readonly actions: readonly GovernedAction[];
}

/** Holds one role in one place, and nothing else. */
const SOMEBODY = "somebody@gatebook.invalid";

/**
 * Roles that nobody holds are left out: of them there is nothing to say.
 *
 * @param decideFor the same policies over another configuration
 */
export function unusedByRoles(
  configuration: Configuration,
  asked: readonly AskedBefore[],
  decideFor: (configuration: Configuration) => DecideAccess,
): UnusedByRole[] {
  const did = new Set(
    asked.flatMap(({ questions }) =>
      questions.flatMap(({ principal, action, place }) =>
        [place, { project: place.project }].map((within) => useOf(principal.id, within, action)),
      ),
    ),
  );
  return writtenRoles(configuration.projects).flatMap(({ path: _, members, role, ...place }) => {
    const holders = holdersOf(members, configuration.teams);
    if (holders.length === 0) return [];
    const actions = allowedBy(configuration, { ...place, role }, decideFor).filter(
      (action) => !holders.some((person) => did.has(useOf(person, place, action))),
    );
    return actions.length === 0 ? [] : [{ ...place, role, actions }];
  });
}

/** What was done in an environment was done in its project, too. */
function useOf(person: string, place: AccessPlace, action: GovernedAction): string {
  return `${person} ${action} ${nameOfPlace(place)}`;
}

function allowedBy(
  configuration: Configuration,
  held: Pick<WrittenRole, "project" | "environment" | "role">,
  decideFor: (configuration: Configuration) => DecideAccess,
): GovernedAction[] {
  const project = configuration.projects[held.project];
  if (project === undefined) return [];
  // The other roles stay, without anybody: policies may ask whether the project has them.
  const nobody = (roles: Project["roles"]) => Object.fromEntries(Object.keys(roles).map((role) => [role, []]));
  const environments = Object.entries(project.environments).map(([name, environment]) => [
    name,
    { ...environment, roles: nobody(environment.roles) },
  ]);
  const empty = {
    ...{ ...project, workloads: [], roles: nobody(project.roles) },
    environments: Object.fromEntries(environments),
  };
  const alone: Configuration = {
    ...configuration,
    people: [{ email: SOMEBODY, name: SOMEBODY, identities: [] }],
    projects: { [held.project]: projectWith(empty, { ...held, person: SOMEBODY }) },
  };
  const theirs = [...permissionsOf(alone, decideFor(alone), [])].filter(({ principal }) => principal.id === SOMEBODY);
  return [...new Set(theirs.map(({ action }) => action))];
}
