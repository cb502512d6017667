/** Why an access was allowed or denied, and what would have made it otherwise. */
import type { Configuration } from "../configuration/configuration.ts";
import {
  type HeldRole,
  holdersOf,
  isHeldIn,
  projectWith,
  rolesHeld,
  rolesIn,
  writtenRoles,
} from "../configuration/role-members.ts";
import { describeRole } from "../grants/grant.ts";
import type { AccessContext, AccessPlace, AccessQuestion } from "./access-question.ts";
import type { DecideAccess } from "./decide-access.ts";

const CIRCUMSTANCES: readonly (readonly [string, Partial<AccessContext>])[] = [
  ["in business hours", { businessHours: true }],
  ["with MFA", { mfa: "yes" }],
  ["in business hours and with MFA", { businessHours: true, mfa: "yes" }],
  [
    "had somebody else written and started it, and edited the pipeline",
    { wrote: false, started: false, editedPipeline: false },
  ],
  ["from the project's own pipeline", { byPipeline: true }],
  ["with the identity for emergencies", { breakGlass: true }],
];

/**
 * Each of these alone would have allowed what was denied: a circumstance, or a role, where need be with the circumstances that it asks for.
 *
 * @param decideFor the same policies over another configuration
 */
export function remediesFor(
  question: AccessQuestion,
  configuration: Configuration,
  decideFor: (configuration: Configuration) => DecideAccess,
): string[] {
  const decide = decideFor(configuration);
  const isAllowed = (different: Partial<AccessContext>): boolean => isAllowedWith(decide, question, different);
  if (isAllowed({})) return [];
  const circumstances = CIRCUMSTANCES.filter(([, different]) => isAllowed(different)).map(([words]) => words);
  // Two circumstances together say nothing where one of them is enough.
  const enough = circumstances.filter(
    (words) => !circumstances.some((other) => other !== words && words.includes(other)),
  );
  return [...enough, ...rolesThatAllow(question, configuration, decideFor)];
}

function rolesThatAllow(
  question: AccessQuestion,
  configuration: Configuration,
  decideFor: (configuration: Configuration) => DecideAccess,
): string[] {
  const { principal, place } = question;
  const project = configuration.projects[place.project];
  if (principal.type !== "Person" || project === undefined) return [];
  const today = decideFor(configuration);
  // What a circumstance alone would have done needs no role.
  const useful = AT_WORK.filter(([, different]) => !isAllowedWith(today, question, different));
  return writtenRoles(configuration.projects).flatMap(({ path: _, members: __, ...given }) => {
    const role = { ...given, person: principal.id };
    if (!isHeldIn(place, role) || holds(role, place, configuration)) return [];
    const projects = { ...configuration.projects, [place.project]: projectWith(project, role) };
    const decide = decideFor({ ...configuration, projects });
    const enough = useful.find(([, different]) => isAllowedWith(decide, question, different));
    return enough === undefined ? [] : [`as ${nameRole(role)}${enough[0]}`];
  });
}

/** The roles of gatebook.yml by which somebody acts there, with where each is written: "developer of shop", "release-manager of shop/production". */
export function rolesBehind({ principal, place }: AccessQuestion, configuration: Configuration): string[] {
  const held = rolesHeld(configuration).filter((role) => role.person === principal.id && isHeldIn(place, role));
  return principal.type === "Person" ? held.map(nameRole) : [];
}

function holds({ role, person }: HeldRole, place: AccessPlace, { projects, teams }: Configuration): boolean {
  return holdersOf(rolesIn(projects, place).get(role) ?? [], teams).includes(person);
}

function nameRole({ role, ...place }: HeldRole): string {
  return describeRole({ role, place });
}

/** With what a role may be of use, the least first. */
const AT_WORK: readonly (readonly [string, Partial<AccessContext>])[] = [
  ["", {}],
  [", in business hours", { businessHours: true }],
  [", with MFA", { mfa: "yes" }],
  [", in business hours and with MFA", { businessHours: true, mfa: "yes" }],
];

function isAllowedWith(decide: DecideAccess, question: AccessQuestion, different: Partial<AccessContext>): boolean {
  return decide({ ...question, context: { ...question.context, ...different } }).outcome === "allow";
}
