/** Which person is behind a principal. */
import type { Granted } from "../record/granted.ts";
import type { Person } from "./configuration.ts";

/**
 * Makes the look-up of a person's e-mail address by any of their identities: a principal's ARN, `github:<login>`, or, behind an
 * AWSReservedSSO_* role, `sso:<user>`. Logins and mail addresses compare without case, as their systems do.
 */
export function personLookup(people: readonly Person[]): (principal: string, granted: Granted) => string | undefined {
  const emails = new Map(people.flatMap(({ email, identities }) => identities.map((id) => [id.toLowerCase(), email])));
  return (principal, { by, subject }) => {
    const person = emails.get(principal.toLowerCase());
    if (person !== undefined || by !== "identity-center" || subject === undefined) return person;
    return emails.get(`sso:${subject.toLowerCase()}`);
  };
}
