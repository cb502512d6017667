/** What a schema cannot see: names in gatebook.yml that must be found elsewhere in it, and what is there twice. */
import { findAccessProblems } from "./access-problems.ts";
import type { Configuration } from "./configuration.ts";
import { findDeployRoleProblems } from "./deploy-role-problems.ts";
import { ownPlaceholders } from "./placeholders.ts";
import type { Problem } from "./problem.ts";
import { holdersOf, writtenRoles } from "./role-members.ts";

const TEAM_PREFIX = "team:";

export function findReferenceProblems(configuration: Configuration): Problem[] {
  const { people, teams, projects, sources } = configuration;
  const emails = new Set(people.map(({ email }) => email));
  const isKnown = (member: string): boolean =>
    member.startsWith(TEAM_PREFIX) ? Object.hasOwn(teams, member.slice(TEAM_PREFIX.length)) : emails.has(member);
  const unknown = (path: Problem["path"], member: string): Problem[] =>
    isKnown(member) ? [] : [{ path, message: `${member} is neither under people nor "team:" and a name under teams` }];

  const inTeams = Object.entries(teams).flatMap(([team, members]) =>
    members.flatMap((member, i) => unknown(["teams", team, i], member)),
  );
  const inRoles = writtenRoles(projects).flatMap(({ path, members }) =>
    members.flatMap((member, i) => unknown([...path, i], member)),
  );
  const inCertifiers = Object.entries(projects).flatMap(([project, { certifiers = [] }]) => {
    const path = ["projects", project, "certifiers"];
    const strangers = certifiers.flatMap((member, i) => unknown([...path, i], member));
    const isIdle = certifiers.every(isKnown) && certifiers.length > 0 && holdersOf(certifiers, teams).length === 0;
    return isIdle ? [{ path, message: "nobody is among them: name a person, or a team that has members" }] : strangers;
  });
  return [
    ...findDeployRoleProblems(configuration),
    ...findTwice(people),
    ...findSharedIdentities(people),
    ...inTeams,
    ...inRoles,
    ...inCertifiers,
    ...findHomeless(sources),
    ...findEverybody(configuration.breakGlass),
    ...findTakenPlaceholders(configuration),
    ...findAccessProblems(configuration),
  ];
}

/** Of two entries for one person, each would know half: that they left, or what they are called elsewhere. */
function findTwice(people: Configuration["people"]): Problem[] {
  const emails = people.map(({ email }) => email.toLowerCase());
  return emails.flatMap((email, i) => {
    const message = `${email} is under people already: write all of a person in one entry`;
    return emails.indexOf(email) === i ? [] : [{ path: ["people", i, "email"], message }];
  });
}

/** Rules leave break-glass access out, or are about it alone: a pattern for everybody would make every one of them wrong. */
function findEverybody(breakGlass: Configuration["breakGlass"]): Problem[] {
  const message = "is everybody: name the role or the user that is kept for emergencies";
  return breakGlass.flatMap((pattern, i) => (/^[*?]+$/.test(pattern) ? [{ path: ["breakGlass", i], message }] : []));
}

function findTakenPlaceholders(configuration: Configuration): Problem[] {
  const own = ownPlaceholders(configuration);
  const message = "is filled by Gatebook itself: give your list another name";
  return Object.keys(configuration.detections.placeholders).flatMap((name) =>
    Object.hasOwn(own, name) ? [{ path: ["detections", "placeholders", name], message, isKey: true }] : [],
  );
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
      // As `personLookup` compares them.
      const owner = owners.get(identity.toLowerCase());
      if (owner !== undefined) {
        problems.push({ path: ["people", i, "identities", j], message: `${identity} already belongs to ${owner}` });
      }
      owners.set(identity.toLowerCase(), email);
    }
  }
  return problems;
}
