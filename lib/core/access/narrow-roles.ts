/** The narrower policy: roles that nothing in the past needed, taken away one by one, and the past asked again. */
import type { Configuration } from "../configuration/configuration.ts";
import { type HeldRole, projectWithout, rolesHeld } from "../configuration/role-members.ts";
import type { AskedBefore } from "./access-census.ts";
import { answerAll } from "./answer-all.ts";
import type { DecideAccess } from "./decide-access.ts";

export interface NarrowerRoles {
  /** What can go without a loss. */
  readonly unneeded: readonly HeldRole[];
  readonly configuration: Configuration;
}

/**
 * Of two roles that both allow what somebody did, the first in gatebook.yml goes, and one on the project before that on an environment of it.
 *
 * @param decideFor the same policies over another configuration
 */
export function narrowRoles(
  configuration: Configuration,
  asked: readonly AskedBefore[],
  decideFor: (configuration: Configuration) => DecideAccess,
): NarrowerRoles {
  const byPerson = Map.groupBy(asked, ({ questions: [question] }) => question?.principal.id);
  let narrowest = configuration;
  const unneeded: HeldRole[] = [];
  for (const held of rolesHeld(configuration)) {
    const candidate = withoutRole(narrowest, held);
    const theirs = byPerson.get(held.person) ?? [];
    if (deniesMore(theirs, decideFor, narrowest, candidate)) continue;
    narrowest = candidate;
    unneeded.push(held);
  }
  return { unneeded, configuration: narrowest };
}

/** Whoever did nothing needs no policy asked, which takes longer than all the rest. */
function deniesMore(
  asked: readonly AskedBefore[],
  decideFor: (configuration: Configuration) => DecideAccess,
  before: Configuration,
  after: Configuration,
): boolean {
  if (asked.length === 0) return false;
  const [wider, narrower] = [decideFor(before), decideFor(after)];
  return asked.some(({ questions }) => isAllowed(questions, wider) && !isAllowed(questions, narrower));
}

export interface PastAskedAgain {
  /** Accesses of the past that today's policy allows. */
  readonly accesses: number;
  /** How many of these the other one would have denied. */
  readonly denied: number;
  /** What was allowed then, and is not any more by today's policy: the other one is not to blame. */
  readonly deniedToday: number;
}

export function askAgain(asked: readonly AskedBefore[], today: DecideAccess, other: DecideAccess): PastAskedAgain {
  const count = (some: readonly AskedBefore[]): number => some.reduce((sum, { times }) => sum + times, 0);
  const allowed = asked.filter(({ questions }) => isAllowed(questions, today));
  const accesses = count(allowed);
  const denied = count(allowed.filter(({ questions }) => !isAllowed(questions, other)));
  return { accesses, denied, deniedToday: count(asked) - accesses };
}

function isAllowed(questions: AskedBefore["questions"], decide: DecideAccess): boolean {
  return answerAll(questions, decide)?.outcome === "allow";
}

export function withoutRole(configuration: Configuration, held: HeldRole): Configuration {
  const project = configuration.projects[held.project];
  if (project === undefined) return configuration;
  const narrower = projectWithout(project, held, configuration.teams);
  return { ...configuration, projects: { ...configuration.projects, [held.project]: narrower } };
}
