/** What a role allows, and none of those who hold it did. */
import type { Configuration } from "../configuration/configuration.ts";
import { holdersOf } from "../configuration/role-members.ts";
import type { AskedBefore } from "./access-census.ts";
import type { GovernedAction } from "./access-question.ts";
import type { DecideAccess } from "./decide-access.ts";
import { permissionsOf } from "./permissions.ts";

export interface UnusedByRole {
  readonly project: string;
  readonly role: string;
  /** In none of the project's environments was it done. */
  readonly actions: readonly GovernedAction[];
}

/** Holds one role on one project, and nothing else. */
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
      questions.map(({ principal, action, place }) => useOf(principal.id, place.project, action)),
    ),
  );
  return Object.entries(configuration.projects).flatMap(([project, { roles }]) =>
    Object.entries(roles).flatMap(([role, members]) => {
      const holders = holdersOf(members, configuration.teams);
      if (holders.length === 0) return [];
      const actions = allowedBy(configuration, { project, role }, decideFor).filter(
        (action) => !holders.some((person) => did.has(useOf(person, project, action))),
      );
      return actions.length === 0 ? [] : [{ project, role, actions }];
    }),
  );
}

function useOf(person: string, project: string, action: GovernedAction): string {
  return `${person} ${action} ${project}`;
}

function allowedBy(
  configuration: Configuration,
  { project: name, role }: { readonly project: string; readonly role: string },
  decideFor: (configuration: Configuration) => DecideAccess,
): GovernedAction[] {
  const project = configuration.projects[name];
  if (project === undefined) return [];
  // The other roles stay, without anybody: policies may ask whether the project has them.
  const nobody = Object.fromEntries(Object.keys(project.roles).map((other) => [other, []]));
  const alone: Configuration = {
    ...configuration,
    people: [{ email: SOMEBODY, name: SOMEBODY, identities: [] }],
    projects: { [name]: { ...project, workloads: [], roles: { ...nobody, [role]: [SOMEBODY] } } },
  };
  const theirs = [...permissionsOf(alone, decideFor(alone), [])].filter(({ principal }) => principal.id === SOMEBODY);
  return [...new Set(theirs.map(({ action }) => action))];
}
