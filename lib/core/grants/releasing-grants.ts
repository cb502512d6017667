/** Who is a release manager for a while, for rules that ask who let a delivery pass. */
import type { AccessPlace } from "../access/access-question.ts";
import { type Grant, isInForce } from "./grant.ts";

const RELEASE_MANAGER = "release-manager";

/** Those that made one of these people a release manager when it happened. */
export function releasingGrants(grants: readonly Grant[], people: readonly string[], time: number): Grant[] {
  return grants.filter(
    (grant) => grant.role === RELEASE_MANAGER && people.includes(grant.person) && isInForce(grant, time),
  );
}

/** The people whom no grant lets release to one of the places' projects. In which environment, the access policy decides. */
export function withoutGranted(
  people: readonly string[],
  of: readonly AccessPlace[],
  grants: readonly Grant[] = [],
): string[] {
  return people.filter(
    (person) =>
      !grants.some((grant) => grant.person === person && of.some(({ project }) => project === grant.place.project)),
  );
}
