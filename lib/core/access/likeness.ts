/** People whom the policies cannot tell apart: what one of them may do, all of them may. */
import type { Configuration } from "../configuration/configuration.ts";
import { rolesHeld } from "../configuration/role-members.ts";
import { type AccessPlace, type AccessPrincipal, nameOfPlace } from "./access-question.ts";
import type { AccessPolicy } from "./policy-engine.ts";

/** A policy that names somebody, a team or one place's role by itself may tell two people apart who hold the same roles there. */
const NAMES_SOMEBODY = /::\s*(Person|Team|Role)\s*::\s*"/;

/** Makes the name of what somebody is to the policies about a place: equal names have equal answers there, in equal circumstances. */
export function likenessIn(
  configuration: Configuration,
  policies: readonly AccessPolicy[],
): (principal: AccessPrincipal, place: AccessPlace) => string {
  if (policies.some(({ text }) => NAMES_SOMEBODY.test(text))) return ({ type, id }) => `${type} ${id}`;
  const roles = Map.groupBy(rolesHeld(configuration), (held) => `${nameOfPlace(held)}\n${held.person}`);
  const rolesOf = (place: AccessPlace, person: string): string[] =>
    (roles.get(`${nameOfPlace(place)}\n${person}`) ?? []).map(({ role }) => role).sort();
  return (principal, place) => {
    if (principal.type !== "Person") return `${principal.type} ${principal.id}`;
    const around = { project: place.project };
    return JSON.stringify([
      principal.left,
      rolesOf(around, principal.id),
      place.environment && rolesOf(place, principal.id),
    ]);
  };
}
