/** What gatebook.yml fills into the `%placeholders%` of detection rules. */
import type { Configuration } from "./configuration.ts";
import { environmentsOf } from "./project.ts";
import { withSessions } from "./role-sessions.ts";

/** Names a rule may use with Sigma's `expand` modifier; each is there, if empty, whatever the configuration says. */
export function placeholdersOf(configuration: Configuration): Readonly<Record<string, readonly string[]>> {
  return { ...configuration.detections.placeholders, ...ownPlaceholders(configuration) };
}

/** Those that Gatebook itself fills. */
export function ownPlaceholders({ projects, people, breakGlass, protectedBranches }: Configuration) {
  const all = Object.values(projects);
  const environments = environmentsOf(projects);
  const production = environments.filter(({ isProduction }) => isProduction);
  const repositories = all.flatMap((project) => project.repositories);
  const readers = environments.flatMap((environment) => [...environment.deployRoles, ...environment.readers]);
  return {
    deploy_roles: environments.flatMap(({ deployRoles }) => deployRoles),
    production_deploy_roles: production.flatMap(({ deployRoles }) => deployRoles),
    pipelines: [...all, ...environments].flatMap(({ pipelines }) => pipelines),
    production_accounts: [...new Set(production.flatMap(({ accounts }) => accounts))],
    secrets: environments.flatMap(({ secrets }) => secrets),
    production_secrets: production.flatMap(({ secrets }) => secrets),
    // Each principal, and the sessions of each role: an event has the one or the other.
    secret_readers: withSessions(readers),
    break_glass: withSessions(breakGlass),
    // A repository that two systems have is one name.
    repositories: [...new Set(repositories.map((repository) => repository.replace(SYSTEM, "")))],
    oidc_subjects: repositories.flatMap(subjectsOf),
    protected_branches: protectedBranches,
    // By whom they are listed here: whether their last day has come, the field `leaver` of an event says.
    leavers: people.flatMap(({ email, left, identities }) => (left === undefined ? [] : [email, ...identities])),
  };
}

/** `github:` and the like before a repository's path. An ARN is no path. */
const SYSTEM = /^(?!arn:)[a-z-]+:/;

/** As whom the jobs of a repository present themselves to AWS: https://docs.github.com/en/actions/reference/security/oidc, https://docs.gitlab.com/ci/secrets/id_token_authentication/. */
function subjectsOf(repository: string): string[] {
  const path = repository.replace(SYSTEM, "");
  if (repository.startsWith("github:")) return [`repo:${path}:*`];
  return repository.startsWith("gitlab:") ? [`project_path:${path}:*`] : [];
}
