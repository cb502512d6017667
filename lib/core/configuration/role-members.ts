/** Who holds a role of gatebook.yml, on a project or in one environment of it, and what is left of it without some of them. */
import type { AccessPlace } from "../access/access-question.ts";
import type { Configuration } from "./configuration.ts";
import type { Problem } from "./problem.ts";
import { ADMINISTRATOR, type Project } from "./project.ts";

const TEAM = "team:";

type Teams = Configuration["teams"];
type Projects = Configuration["projects"];

/** Somebody holds a role on a project, or in one environment. */
export interface HeldRole extends AccessPlace {
  readonly role: string;
  readonly person: string;
}

/** A role where gatebook.yml writes it. */
export interface WrittenRole extends AccessPlace {
  readonly role: string;
  readonly members: readonly string[];
  /** Of its key. */
  readonly path: Problem["path"];
}

/** In the order of gatebook.yml, but a project's own before those of its environments: the wider stands first. */
export function writtenRoles(projects: Projects): WrittenRole[] {
  return Object.entries(projects).flatMap(([project, { roles, environments }]) => [
    ...Object.entries(roles).map(([role, members]) => ({
      ...{ project, role, members },
      path: ["projects", project, "roles", role],
    })),
    ...Object.entries(environments).flatMap(([environment, within]) =>
      Object.entries(within.roles).map(([role, members]) => ({
        ...{ project, environment, role, members },
        path: ["projects", project, "environments", environment, "roles", role],
      })),
    ),
  ]);
}

/** A role on a project is held in each of its environments, too. */
export function isHeldIn(place: AccessPlace, { project, environment }: AccessPlace): boolean {
  return project === place.project && (environment === undefined || environment === place.environment);
}

/** In the order of `writtenRoles`. */
export function rolesHeld({ projects, teams }: Pick<Configuration, "projects" | "teams">): HeldRole[] {
  return writtenRoles(projects).flatMap(({ path: _, members, ...role }) =>
    holdersOf(members, teams).map((person) => ({ ...role, person })),
  );
}

/** By role, its members there: whoever holds one on a project holds it in each of its environments. Asks for no name but those of gatebook.yml. */
export function rolesIn(
  projects: Projects,
  { project, environment }: AccessPlace,
): ReadonlyMap<string, readonly string[]> {
  const around = own(projects, project);
  const within = environment === undefined ? undefined : own(around?.environments ?? {}, environment);
  const roles = new Map(Object.entries(around?.roles ?? {}));
  for (const [role, members] of Object.entries(within?.roles ?? {})) {
    roles.set(role, [...(roles.get(role) ?? []), ...members]);
  }
  return roles;
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

/** Gives it where it is written, or would be. */
export function projectWith(project: Project, { environment, role, person }: HeldRole): Project {
  return withRoles(project, environment, (roles) => ({ ...roles, [role]: [...(own(roles, role) ?? []), person] }));
}

/** Takes it away where it is written: of a role on the project, environments keep their own. */
export function projectWithout(project: Project, { environment, role, person }: HeldRole, teams: Teams): Project {
  return withRoles(project, environment, (roles) => {
    const { [role]: members = [], ...others } = roles;
    const gone = new Set([person]);
    const left = [...new Set(members.flatMap((member) => memberWithout(member, gone, teams)))];
    return left.length === 0 && !isKeptEmpty(role) ? others : { ...roles, [role]: left };
  });
}

function withRoles(
  project: Project,
  environment: string | undefined,
  change: (roles: Project["roles"]) => Project["roles"],
): Project {
  if (environment === undefined) return { ...project, roles: change(project.roles) };
  const within = own(project.environments, environment);
  if (within === undefined) return project;
  const changed = { ...within, roles: change(within.roles) };
  return { ...project, environments: { ...project.environments, [environment]: changed } };
}

function peopleIn(member: string, teams: Teams): readonly string[] {
  return member.startsWith(TEAM) ? (own(teams, member.slice(TEAM.length)) ?? []) : [member];
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
