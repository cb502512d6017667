/** Who may ask for a role, and who may give it: by gatebook.yml alone, since what somebody holds for a while is not theirs to pass on. */
import { nameOfPlace } from "../access/access-question.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { holdersOf, rolesIn } from "../configuration/role-members.ts";
import { describeRole, type Grant } from "./grant.ts";

const RELEASE_MANAGER = "release-manager";
const ADMINISTRATOR = "administrator";

type Asked = Pick<Grant, "person" | "role" | "place">;

/** @returns why it cannot be asked for, or undefined */
export function refusalToAsk(asked: Asked, { projects, teams }: Configuration): string | undefined {
  const { person, role, place } = asked;
  const project = own(projects, place.project);
  if (project === undefined) return `${place.project} is no project of gatebook.yml.`;
  if (place.environment !== undefined && own(project.environments, place.environment) === undefined) {
    const names = Object.keys(project.environments).join(", ") || "none";
    return `${place.environment} is no environment of ${place.project}: there are ${names}.`;
  }
  const roles = rolesIn(projects, place);
  const members = roles.get(role);
  if (members === undefined) {
    return `${role} is no role of ${nameOfPlace(place)}: there are ${[...roles.keys()].join(", ") || "none"}.`;
  }
  return holdersOf(members, teams).includes(person)
    ? `${person} is ${describeRole(asked)} already, by gatebook.yml.`
    : undefined;
}

/** Those of the place: of an environment, its project's among them. An administrator's rights are given by administrators, where there are any. */
export function approversOf({ person, role, place }: Asked, { projects, teams }: Configuration): string[] {
  const roles = rolesIn(projects, place);
  const administrators = holdersOf(roles.get(ADMINISTRATOR) ?? [], teams);
  const givers =
    role === ADMINISTRATOR && administrators.length > 0
      ? administrators
      : [...holdersOf(roles.get(RELEASE_MANAGER) ?? [], teams), ...administrators];
  return [...new Set(givers)].filter((giver) => giver !== person);
}

/** @returns why this person cannot approve it, or undefined */
export function refusalToApprove(approver: string, asked: Asked, configuration: Configuration): string | undefined {
  if (approver === asked.person) return `${approver} asked for it: somebody else has to approve it.`;
  const approvers = approversOf(asked, configuration);
  if (approvers.includes(approver)) return undefined;
  const others = approvers.length === 0 ? "gatebook.yml names nobody who may" : `ask one of ${approvers.join(", ")}`;
  return `${approver} may not make anybody ${describeRole(asked)}: ${others}.`;
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
