/** Cutting a JSON value to size. */

export interface ClipBounds {
  /** Of a string. */
  readonly characters: number;
  /** Of a list, and members of an object. */
  readonly items: number;
}

/** A copy with long strings cut, ending in "…", and long lists and objects cut; numbers and the like stay. */
export function clip<T>(value: T, bounds: ClipBounds): T {
  return clipValue(value, bounds) as T;
}

function clipValue(value: unknown, bounds: ClipBounds): unknown {
  if (typeof value === "string")
    return value.length <= bounds.characters ? value : `${value.slice(0, bounds.characters)}…`;
  if (Array.isArray(value)) return value.slice(0, bounds.items).map((member) => clipValue(member, bounds));
  if (typeof value !== "object" || value === null) return value;
  // An object of our own has few members; one that a source filled may have any number.
  const members = Object.entries(value).slice(0, Math.max(bounds.items, OWN_MEMBERS));
  return Object.fromEntries(members.map(([name, member]) => [name, clipValue(member, bounds)]));
}

/** The most that any of our own types has. */
const OWN_MEMBERS = 40;
