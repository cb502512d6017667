/** Who may do what, by asking the policies about everybody: for tables, comparisons and reviews. */
import type { Configuration } from "../configuration/configuration.ts";
import { withSessions } from "../configuration/role-sessions.ts";
import { matcherOf } from "../configuration/wildcard.ts";
import { workloadPatterns } from "./access-entities.ts";
import {
  type AccessContext,
  type AccessPlace,
  type AccessPrincipal,
  GOVERNED_ACTIONS,
  type GovernedAction,
  nameOfPlace,
} from "./access-question.ts";
import type { DecideAccess } from "./decide-access.ts";
import { likenessIn } from "./likeness.ts";
import type { AccessPolicy } from "./policy-engine.ts";

/** Somebody at work, on an ordinary day. */
export const ORDINARY: AccessContext = {
  businessHours: true,
  mfa: "yes",
  granted: "console",
  breakGlass: false,
  byPipeline: false,
  isReader: false,
  wrote: false,
  started: false,
  editedPipeline: false,
};

/** What may be otherwise, and what is said of a permission that then is none. */
const CONDITIONS: readonly (readonly [string, Partial<AccessContext>])[] = [
  ["in business hours", { businessHours: false }],
  ["with MFA", { mfa: "no" }],
  ["where MFA is told", { mfa: "unknown" }],
  ["of others' work", { wrote: true }],
  ["of what others started", { started: true }],
  ["through pipelines that others edited", { editedPipeline: true }],
  ["by their pipeline", { byPipeline: false }],
];

/** Who comes in with the identity for emergencies: anybody, and so nobody of gatebook.yml by name. */
const SOMEBODY: AccessPrincipal = { type: "Person", id: "whoever comes in by break-glass", left: false };

export interface Permission {
  readonly principal: AccessPrincipal;
  readonly action: GovernedAction;
  readonly place: AccessPlace;
  /** In words, such as "in business hours"; none: always. */
  readonly conditions: readonly string[];
}

/** @returns undefined where it is not allowed on an ordinary day */
export function permissionFor(
  decide: DecideAccess,
  { principal, action, place }: Pick<Permission, "principal" | "action" | "place">,
  context: AccessContext,
): Permission | undefined {
  const isAllowed = (different: Partial<AccessContext>): boolean =>
    decide({ principal, action, place, context: { ...context, ...different } }).outcome === "allow";
  if (!isAllowed({})) return undefined;
  const conditions = CONDITIONS.filter(([, different]) => !isAllowed(different)).map(([words]) => words);
  return { principal, action, place, conditions };
}

/** Of each person and each workload of gatebook.yml, in every project and environment: what they may do on an ordinary day. */
export function* permissionsOf(
  configuration: Configuration,
  decide: DecideAccess,
  policies: readonly AccessPolicy[],
): Generator<Permission> {
  const places = placesOf(configuration);
  const likeness = likenessIn(configuration, policies);
  const known = new Map<string, readonly Permission[]>();
  for (const { principal, context, names } of principalsOf(configuration)) {
    for (const { place, isReader: isReaderThere } of places) {
      const isReader = names.some(isReaderThere);
      const key = [likeness(principal, place), nameOfPlace(place), isReader].join("\n");
      const theirs = known.get(key) ?? [...permissionsIn(decide, principal, place, { ...context, isReader })];
      known.set(key, theirs);
      for (const permission of theirs) yield { ...permission, principal };
    }
  }
}

/** What break-glass access opens to whoever has it: an ordinary day says nothing of it. */
export function* emergencyPermissionsOf(configuration: Configuration, decide: DecideAccess): Generator<Permission> {
  if (configuration.breakGlass.length === 0) return;
  for (const { place } of placesOf(configuration)) {
    yield* permissionsIn(decide, SOMEBODY, place, { ...ORDINARY, breakGlass: true });
  }
}

function* permissionsIn(
  decide: DecideAccess,
  principal: AccessPrincipal,
  place: AccessPlace,
  context: AccessContext,
): Generator<Permission> {
  for (const action of GOVERNED_ACTIONS) {
    const permission = permissionFor(decide, { principal, action, place }, context);
    if (permission !== undefined) yield permission;
  }
}

/** Equal for the same permission, whatever its conditions. */
export function permissionKey({
  principal,
  action,
  place,
}: Pick<Permission, "principal" | "action" | "place">): string {
  return `${principal.type} ${principal.id} ${action} ${nameOfPlace(place)}`;
}

interface AskedPlace {
  readonly place: AccessPlace;
  /** Whether gatebook.yml names it as one who reads the secrets there: a deploy role is one, too. */
  readonly isReader: (name: string) => boolean;
}

function placesOf({ projects }: Configuration): AskedPlace[] {
  return Object.entries(projects).flatMap(([project, { environments }]) => [
    { place: { project }, isReader: () => false },
    ...Object.entries(environments).map(([environment, { readers, deployRoles }]) => {
      const matches = matcherOf(withSessions([...readers, ...deployRoles]));
      const isReader = (name: string): boolean => readers.includes(name) || deployRoles.includes(name) || matches(name);
      return { place: { project, environment }, isReader };
    }),
  ]);
}

interface Asking {
  readonly principal: AccessPrincipal;
  readonly context: AccessContext;
  /** As whom they may be named elsewhere in gatebook.yml. */
  readonly names: readonly string[];
}

function principalsOf({ people, projects }: Configuration): Asking[] {
  const persons = people.map(({ email, left, identities }) => ({
    principal: { type: "Person" as const, id: email, left: left !== undefined },
    context: ORDINARY,
    names: [email, ...identities],
  }));
  const workloads = workloadPatterns(projects).map((id) => ({
    principal: { type: "Workload" as const, id },
    context: { ...ORDINARY, byPipeline: true },
    names: [id],
  }));
  return [...persons, ...workloads];
}
