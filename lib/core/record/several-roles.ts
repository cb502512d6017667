/** The roles of one delivery that one person held, where its four eyes are there to keep them apart. */
import type { Delivery } from "./delivery.ts";

type Roles = Pick<Delivery, "starters" | "approvers" | "committers" | "editors" | "protectors" | "granters">;

/** As a sentence has them, in the order in which things happen. */
const DEEDS: readonly (readonly [role: keyof Roles, deed: string])[] = [
  ["committers", "wrote the change"],
  ["editors", "last changed the pipeline"],
  ["protectors", "changed how its source is protected"],
  ["granters", "changed the approver's rights"],
  ["starters", "started it"],
  ["approvers", "approved it"],
];

/** Whoever writes a change starts its delivery too, and whoever looks after the safeguards changes several of them. */
const WORKS: ReadonlySet<keyof Roles> = new Set(["committers", "starters"]);

/**
 * A sentence a person; none where each is held by another.
 *
 * @param nameOf how a person is called, by their e-mail address
 * @example severalRoles(delivery, nameOf) // ["Ana Lima started it and approved it"]
 */
export function severalRoles(delivery: Roles, nameOf: (person: string) => string): readonly string[] {
  const people = new Set(DEEDS.flatMap(([role]) => delivery[role]));
  return [...people].flatMap((person) => {
    const held = DEEDS.filter(([role]) => delivery[role].includes(person));
    return isApart(held.map(([role]) => role)) ? [`${nameOf(person)} ${listed(held.map(([, deed]) => deed))}`] : [];
  });
}

function isApart(held: readonly (keyof Roles)[]): boolean {
  if (held.length < 2) return false;
  const works = held.filter((role) => WORKS.has(role));
  return held.includes("approvers") || (works.length > 0 && works.length < held.length);
}

function listed(deeds: readonly string[]): string {
  return `${deeds.slice(0, -1).join(", ")} and ${deeds.at(-1)}`;
}
