/** Roles of gatebook.yml that no policy names: whoever holds one may do nothing by it, and believes otherwise. */
import type { Configuration } from "../configuration/configuration.ts";
import type { Problem } from "../configuration/problem.ts";
import type { AccessPolicy } from "./policy-engine.ts";

/** Policies name a role by its tag, `getTag("developer")`, or as a member of one project's: `Role::"shop/developer"`. */
export function findUnknownRoles(
  { projects }: Pick<Configuration, "projects">,
  policies: readonly AccessPolicy[],
): Problem[] {
  const isNamed = (name: string): boolean => policies.some(({ text }) => text.includes(JSON.stringify(name)));
  return Object.entries(projects).flatMap(([project, { roles }]) =>
    Object.keys(roles).flatMap((role) => {
      if (isNamed(role) || isNamed(`${project}/${role}`)) return [];
      const message = `no policy of rules/access speaks about ${role}: check its spelling, or write a policy for it`;
      return [{ path: ["projects", project, "roles", role], message, isKey: true }];
    }),
  );
}
