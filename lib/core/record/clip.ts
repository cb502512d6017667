/** Cutting a JSON value to size. */

export interface ClipBounds {
  /** Of a string. */
  readonly characters: number;
  /** Of a list, and members of an object. */
  readonly items: number;
}

/** The value with long strings cut, ending in "…", and long lists and objects cut; what is within the bounds is itself and no copy. */
export function clip<T>(value: T, bounds: ClipBounds): T {
  return clipValue(value, bounds) as T;
}

function clipValue(value: unknown, bounds: ClipBounds): unknown {
  if (typeof value === "string")
    return value.length <= bounds.characters ? value : `${value.slice(0, bounds.characters)}…`;
  if (Array.isArray(value)) return clipList(value, bounds);
  return typeof value === "object" && value !== null ? clipObject(value, bounds) : value;
}

function clipList(list: readonly unknown[], bounds: ClipBounds): readonly unknown[] {
  const clipped = list.slice(0, bounds.items).map((member) => clipValue(member, bounds));
  return clipped.length === list.length && clipped.every((member, i) => member === list[i]) ? list : clipped;
}

/** The most that any of our own types has. */
const OWN_MEMBERS = 40;

function clipObject(value: object, bounds: ClipBounds): object {
  const source = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(source);
  // An object of our own has few members; one that a source filled may have any number.
  const kept = names.slice(0, Math.max(bounds.items, OWN_MEMBERS));
  const clipped = kept.map((name) => clipValue(source[name], bounds));
  if (kept.length === names.length && kept.every((name, i) => clipped[i] === source[name])) return value;
  return Object.fromEntries(kept.map((name, i) => [name, clipped[i]]));
}
