/** What gatebook.yml fills into the `%placeholders%` of detection rules. */
import type { Configuration } from "./configuration.ts";

/** Names a rule may use with Sigma's `expand` modifier; each is there, if empty, whatever the configuration says. */
export function placeholdersOf({ projects }: Configuration): Readonly<Record<string, readonly string[]>> {
  const all = Object.values(projects);
  const environments = all.flatMap((project) => Object.values(project.environments));
  return {
    deploy_roles: environments.flatMap(({ deployRoles }) => deployRoles),
    pipelines: all.flatMap(({ pipelines }) => pipelines),
    secrets: environments.flatMap(({ secrets }) => secrets),
  };
}
