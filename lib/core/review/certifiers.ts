/** Who certifies what somebody holds: never they themselves. */
import { calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { ADMINISTRATOR } from "../configuration/project.ts";
import { holdersOf, rolesIn } from "../configuration/role-members.ts";
import type { ReviewItem } from "./review-item.ts";

const RELEASE_MANAGER = "release-manager";

/**
 * Makes the look-up of who may certify an item at a time: the project's certifiers, else its administrators, else its release managers; the
 * first of these among whom somebody is still there.
 */
export function certifiersAt(configuration: Configuration, now: number): (item: ReviewItem) => string[] {
  const { projects, people } = configuration;
  const today = calendarOf(configuration)(now).date;
  const gone = new Set(people.flatMap(({ email, left }) => (left !== undefined && left <= today ? [email] : [])));
  const byProject = new Map(
    Object.keys(projects).map((project) => [project, groupOf(project, configuration, (who) => !gone.has(who))]),
  );
  return ({ person, project }) => (byProject.get(project) ?? []).filter((certifier) => certifier !== person);
}

function groupOf(
  project: string,
  { projects, teams }: Configuration,
  isThere: (person: string) => boolean,
): readonly string[] {
  const roles = rolesIn(projects, { project });
  const groups = [projects[project]?.certifiers, roles.get(ADMINISTRATOR), roles.get(RELEASE_MANAGER)];
  const people = groups.map((members = []) => holdersOf(members, teams).filter(isThere));
  return people.find(({ length }) => length > 0) ?? [];
}
