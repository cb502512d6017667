/** Which person of gatebook.yml calls, by the name that IAM checked. */
import { calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { personLookup } from "../configuration/people.ts";
import { assumedRoleOf } from "../sources/aws/arn.ts";
import { grantedToUser, userOfArn } from "../sources/aws/aws-principal.ts";
import type { EventCaller } from "../sources/cloudevent-schema.ts";

/** Roles of Identity Center begin so, and nobody else may name one like it: the session's name is the workforce user's. */
const SSO_ROLE_PREFIX = "AWSReservedSSO_";

export interface GrantCaller {
  readonly person: string;
  /** An identity of theirs, as gatebook.yml lists it. */
  readonly principal: string;
}

/** A role's session is whoever opened it says: it is somebody's only where gatebook.yml lists it, or Identity Center named it. */
export function callerOf(
  { arn }: Pick<EventCaller, "arn">,
  configuration: Configuration,
  now: number,
): GrantCaller | { readonly refusal: string } {
  const { role, session } = assumedRoleOf(arn);
  const workforce = role?.startsWith(SSO_ROLE_PREFIX) === true ? session : undefined;
  const granted =
    workforce === undefined ? grantedToUser(userOfArn(arn)) : { by: "identity-center" as const, subject: workforce };
  const person = personLookup(configuration.people)(arn, granted);
  if (person === undefined) {
    return { refusal: `${arn} is nobody of gatebook.yml: list it among the identities of the person who it is.` };
  }
  const left = configuration.people.find(({ email }) => email === person)?.left;
  if (left !== undefined && left <= calendarOf(configuration)(now).date) {
    return { refusal: `${person} left on ${left}.` };
  }
  const isListed = configuration.people.some(({ identities }) =>
    identities.some((identity) => identity.toLowerCase() === arn.toLowerCase()),
  );
  return { person, principal: isListed || workforce === undefined ? arn : `sso:${workforce}` };
}
