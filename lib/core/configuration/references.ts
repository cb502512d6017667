/** What a schema cannot see: names in gatebook.yml that must be found elsewhere in it, and identities of two people. */
import type { Configuration } from "./configuration.ts";

/** Something wrong in gatebook.yml, by the path of its key. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The key itself is wrong, not its value. */
  readonly isKey?: boolean;
}

const TEAM_PREFIX = "team:";

export function findReferenceProblems({ people, teams, projects, sources }: Configuration): Problem[] {
  const emails = new Set(people.map(({ email }) => email));
  const isKnown = (member: string): boolean =>
    member.startsWith(TEAM_PREFIX) ? Object.hasOwn(teams, member.slice(TEAM_PREFIX.length)) : emails.has(member);
  const unknown = (path: Problem["path"], member: string): Problem[] =>
    isKnown(member) ? [] : [{ path, message: `${member} is neither under people nor "team:" and a name under teams` }];

  const inTeams = Object.entries(teams).flatMap(([team, members]) =>
    members.flatMap((member, i) => unknown(["teams", team, i], member)),
  );
  const inRoles = Object.entries(projects).flatMap(([project, { roles }]) =>
    Object.entries(roles).flatMap(([role, members]) =>
      members.flatMap((member, i) => unknown(["projects", project, "roles", role, i], member)),
    ),
  );
  return [...findSharedIdentities(people), ...inTeams, ...inRoles, ...findHomeless(sources)];
}

/** Who may send is of no use to anybody without the address to send to. */
function findHomeless({ home, organisationId, accounts }: Configuration["sources"]): Problem[] {
  if (home !== undefined) return [];
  const message = "needs sources.home: { account, region }, where Gatebook itself is deployed";
  const senders = { organisationId: organisationId !== undefined, accounts: accounts.length > 0 };
  return Object.entries(senders).flatMap(([key, isGiven]) => (isGiven ? [{ path: ["sources", key], message }] : []));
}

/** An identity of two people would make one of them answer for the other. */
function findSharedIdentities(people: Configuration["people"]): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [i, { email, identities }] of people.entries()) {
    for (const [j, identity] of identities.entries()) {
      const owner = owners.get(identity);
      if (owner !== undefined) {
        problems.push({ path: ["people", i, "identities", j], message: `${identity} already belongs to ${owner}` });
      }
      owners.set(identity, email);
    }
  }
  return problems;
}
