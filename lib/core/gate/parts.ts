/** What somebody did for a delivery, in words. */
import type { DeliveryPeople } from "./delivery-people.ts";
import { listed } from "./name-of.ts";

export const CHANGED_PIPELINE = "last changed its pipeline";

/**
 * Makes the look-up of a person's parts in a delivery; none for a stranger.
 *
 * @example
 * partsIn(people)("ana@acme.example") // ["wrote", "started"]
 */
export function partsIn({
  committers,
  reviewers,
  starters,
  approvers,
  editors,
}: DeliveryPeople): (person: string) => string[] {
  const parts: readonly (readonly [did: string, who: readonly string[]])[] = [
    ["wrote", committers],
    ["reviewed", reviewers],
    ["started", starters],
    ["approved", approvers],
    [CHANGED_PIPELINE, editors],
  ];
  return (person) => parts.flatMap(([did, who]) => (who.includes(person) ? [did] : []));
}

/** @example "wrote, started and approved it, and last changed its pipeline" */
export function inWords(parts: readonly string[]): string {
  const others = parts.filter((part) => part !== CHANGED_PIPELINE);
  const did = others.length === 0 ? [] : [`${listed(others)} it`];
  return [...did, ...(parts.includes(CHANGED_PIPELINE) ? [CHANGED_PIPELINE] : [])].join(", and ");
}
