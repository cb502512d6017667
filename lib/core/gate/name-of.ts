/** What people are called in the gate's message. */
import type { Configuration } from "../configuration/configuration.ts";

/** @param who a person's e-mail address, or a principal that is nobody's */
export function nameOf(who: string, { people }: Pick<Configuration, "people">): string {
  const person = people.find(({ email }) => email === who);
  return person === undefined ? who : `${person.name} <${person.email}>`;
}

/** @example "started, wrote and approved" */
export function inWords(parts: readonly string[]): string {
  const [last = "", ...others] = parts.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
}

/** For what strangers may read: a person's name alone. */
export function withoutAddresses(text: string, { people }: Pick<Configuration, "people">): string {
  return people.reduce((left, { email, name }) => left.replaceAll(` <${email}>`, "").replaceAll(email, name), text);
}
