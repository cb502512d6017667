/** Who may release a project. */
import type { Configuration } from "./configuration.ts";

/** The role of gatebook.yml whose members approve releases. */
const ROLE = "release-manager";
const TEAM_PREFIX = "team:";

/**
 * Makes the question whether everybody of a list may release one of the projects; undefined where no project names its release managers.
 *
 * @example
 * mayRelease(["shop"], ["ana@acme.example"]) // true
 */
export function releaseManagers({
  projects,
  teams,
}: Pick<Configuration, "projects" | "teams">): (
  of: readonly string[],
  people: readonly string[],
) => boolean | undefined {
  const byProject = new Map(
    Object.entries(projects).flatMap(([name, { roles }]) => {
      const members = Object.hasOwn(roles, ROLE) ? roles[ROLE] : undefined;
      return members === undefined ? [] : [[name, new Set(members.flatMap((member) => membersOf(member, teams)))]];
    }),
  );
  return (of, people) => {
    const known = of.flatMap((project) => byProject.get(project) ?? []);
    if (known.length === 0) return undefined;
    return people.every((person) => known.some((managers) => managers.has(person)));
  };
}

function membersOf(member: string, teams: Configuration["teams"]): readonly string[] {
  if (!member.startsWith(TEAM_PREFIX)) return [member];
  const team = member.slice(TEAM_PREFIX.length);
  return (Object.hasOwn(teams, team) ? teams[team] : undefined) ?? [];
}
