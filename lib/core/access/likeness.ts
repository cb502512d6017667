/** People whom the policies cannot tell apart: what one of them may do, all of them may. */
import type { Configuration } from "../configuration/configuration.ts";
import { rolesHeld } from "../configuration/role-members.ts";
import type { AccessPrincipal } from "./access-question.ts";
import type { AccessPolicy } from "./policy-engine.ts";

/** A policy that names somebody, a team or one project's role by itself may tell two people apart who hold the same roles on a project. */
const NAMES_SOMEBODY = /::\s*(Person|Team|Role)\s*::\s*"/;

/** Makes the name of what somebody is to a project's policies: equal names have equal answers there, in equal circumstances. */
export function likenessIn(
  configuration: Configuration,
  policies: readonly AccessPolicy[],
): (principal: AccessPrincipal, project: string) => string {
  if (policies.some(({ text }) => NAMES_SOMEBODY.test(text))) return ({ type, id }) => `${type} ${id}`;
  const roles = Map.groupBy(rolesHeld(configuration), ({ project, person }) => `${project}\n${person}`);
  return (principal, project) => {
    if (principal.type !== "Person") return `${principal.type} ${principal.id}`;
    const held = (roles.get(`${project}\n${principal.id}`) ?? []).map(({ role }) => role).sort();
    return JSON.stringify([principal.left, held]);
  };
}
