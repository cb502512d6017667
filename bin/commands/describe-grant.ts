/** A grant in a few lines, for people. */
import { nameOfPlace } from "../../lib/core/access/access-question.ts";
import type { GrantAct } from "../../lib/core/grants/grant.ts";
import { printable } from "./describe-found.ts";
import type { ShownGrant } from "./grant-call.ts";

const INDENT = "    ";

export function describeGrant(grant: ShownGrant): string {
  const { id, state, person, role, place, minutes, requested, approved, revoked, until } = grant;
  const lines = [
    `${id}  ${state}`,
    `${INDENT}${person} as ${role} of ${nameOfPlace(place)} for ${minutes} minutes`,
    ...describeAct("asked", requested),
    ...(approved === undefined ? [] : describeAct("approved", approved)),
    ...(revoked === undefined ? [] : describeAct("revoked", revoked)),
    ...(until === undefined || revoked !== undefined ? [] : [`${INDENT}until    ${new Date(until).toISOString()}`]),
  ];
  return lines.map(printable).join("\n");
}

function describeAct(verb: string, { person, principal, time, reason }: GrantAct): string[] {
  return [
    `${INDENT}${verb.padEnd(8)} ${new Date(time).toISOString()} by ${person}, ${principal}`,
    ...(reason === undefined ? [] : [`${INDENT}because  ${reason}`]),
  ];
}
