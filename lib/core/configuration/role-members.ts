/** Who holds a role of gatebook.yml, and what is left of it without some of them. */
import type { Configuration } from "./configuration.ts";
import { ADMINISTRATOR, type Project } from "./project.ts";

const TEAM = "team:";

type Teams = Configuration["teams"];

/** Somebody holds a role on a project. */
export interface HeldRole {
  readonly project: string;
  readonly role: string;
  readonly person: string;
}

/** In the order of gatebook.yml. */
export function rolesHeld({ projects, teams }: Pick<Configuration, "projects" | "teams">): HeldRole[] {
  return Object.entries(projects).flatMap(([project, { roles }]) =>
    Object.entries(roles).flatMap(([role, members]) =>
      holdersOf(members, teams).map((person) => ({ project, role, person })),
    ),
  );
}

/** Each person once. */
export function holdersOf(members: readonly string[], teams: Teams): string[] {
  return [...new Set(members.flatMap((member) => peopleIn(member, teams)))];
}

/** A team that somebody has to go from is written out: its other members stay. */
export function memberWithout(member: string, gone: ReadonlySet<string>, teams: Teams): readonly string[] {
  const people = peopleIn(member, teams);
  return people.some((person) => gone.has(person)) ? people.filter((person) => !gone.has(person)) : [member];
}

/** A role goes with the last who held it. That nobody administers has to be said, though: where a project has no such role, no policy decides about it. */
export function isKeptEmpty(role: string): boolean {
  return role === ADMINISTRATOR;
}

export function projectWithout(project: Project, role: string, gone: ReadonlySet<string>, teams: Teams): Project {
  const { [role]: members = [], ...others } = project.roles;
  const left = [...new Set(members.flatMap((member) => memberWithout(member, gone, teams)))];
  if (left.length === 0 && !isKeptEmpty(role)) return { ...project, roles: others };
  return { ...project, roles: { ...project.roles, [role]: left } };
}

function peopleIn(member: string, teams: Teams): readonly string[] {
  if (!member.startsWith(TEAM)) return [member];
  const team = member.slice(TEAM.length);
  return Object.hasOwn(teams, team) ? (teams[team] ?? []) : [];
}
