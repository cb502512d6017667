/** Roles of gatebook.yml that no policy names: whoever holds one may do nothing by it, and believes otherwise. */
import type { Configuration } from "../configuration/configuration.ts";
import type { Problem } from "../configuration/problem.ts";
import { placesOf } from "../configuration/project.ts";
import { isHeldIn, writtenRoles } from "../configuration/role-members.ts";
import { nameOfPlace } from "./access-question.ts";
import type { AccessPolicy } from "./policy-engine.ts";

/** Policies name a role by its tag, `getTag("developer")`, or as that of one place: `Role::"shop/developer"`, `Role::"shop/production/developer"`. */
export function findUnknownRoles(
  { projects }: Pick<Configuration, "projects">,
  policies: readonly AccessPolicy[],
): Problem[] {
  const isNamed = (name: string): boolean => policies.some(({ text }) => text.includes(JSON.stringify(name)));
  const places = placesOf(projects);
  return writtenRoles(projects).flatMap(({ path, role, ...held }) => {
    const heldIn = places.filter((place) => isHeldIn(place, held));
    if (isNamed(role) || heldIn.some((place) => isNamed(`${nameOfPlace(place)}/${role}`))) return [];
    const message = `no policy of rules/access speaks about ${role}: check its spelling, or write a policy for it`;
    return [{ path, message, isKey: true }];
  });
}
