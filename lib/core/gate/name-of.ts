/** What people are called in the gate's message. */

import type { Configuration } from "../configuration/configuration.ts";
import { cut } from "./fit-message.ts";

/** Of somebody whom gatebook.yml does not know: a principal can have thousands. */
const MAX_NAME_CHARS = 200;

/** @param who a person's e-mail address, or a principal that is nobody's */
export function nameOf(who: string, { people }: Pick<Configuration, "people">): string {
  const person = people.find(({ email }) => email === who);
  return person === undefined ? cut(who, MAX_NAME_CHARS) : `${person.name} <${person.email}>`;
}

/** @example "Ana, Bo and Remy" */
export function listed(names: readonly string[]): string {
  const [last = "", ...others] = names.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
}

/** For what strangers may read: a person's name alone. */
export function withoutAddresses(text: string, { people }: Pick<Configuration, "people">): string {
  return people.reduce((left, { email, name }) => left.replaceAll(` <${email}>`, "").replaceAll(email, name), text);
}
