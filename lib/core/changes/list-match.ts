/** Which members of two lists are the same thing: by a name that each has, else by place or by being equal. */
import { isObject, type JsonObject } from "../sources/json.ts";
import { canonicalText } from "./canonical-text.ts";

/** The members that AWS and GitHub call things by, the surest first. */
const NAMES = ["name", "Name", "key", "Key", "id", "Id", "ID", "Sid", "context", "type"];

interface Member {
  readonly name?: string;
  readonly value: unknown;
}

interface Placed {
  readonly place: number;
  readonly value: unknown;
}

export interface ListMatch {
  readonly pairs: readonly { readonly name?: string; readonly before: unknown; readonly after: unknown }[];
  readonly removed: readonly Member[];
  readonly added: readonly Member[];
}

/** The order of members is left aside: services hand out the same list in another one. */
export function matchLists(before: readonly unknown[], after: readonly unknown[]): ListMatch {
  const [was, is] = namedBoth(before, after) ?? [];
  if (was !== undefined && is !== undefined) return matchNames(was, is);
  const { removed, added } = matchEqual(before, after);
  // Without names, what stands where something stood is taken for its successor.
  const isPaired = removed.length === added.length && [...removed, ...added].every(({ value }) => isObject(value));
  if (!isPaired) return { pairs: [], removed, added };
  const pairs = removed.map(({ place, value }, index) => ({
    ...(before.length > 1 && { name: String(place) }),
    before: value,
    after: added[index]?.value,
  }));
  return { pairs, removed: [], added: [] };
}

export function isNamed(list: readonly unknown[]): boolean {
  return list.length > 0 && namedBoth([], list) !== undefined;
}

type ByName = ReadonlyMap<string, JsonObject>;

function namedBoth(before: readonly unknown[], after: readonly unknown[]): readonly [ByName, ByName] | undefined {
  for (const member of NAMES) {
    const was = byName(before, member);
    const is = was && byName(after, member);
    if (was !== undefined && is !== undefined) return [was, is];
  }
  return undefined;
}

/** Undefined where one has no such name, or two have the same. */
function byName(list: readonly unknown[], member: string): ByName | undefined {
  const named = new Map<string, JsonObject>();
  for (const element of list) {
    if (!isObject(element)) return undefined;
    const name = element[member];
    if (typeof name !== "string" && typeof name !== "number") return undefined;
    if (named.has(String(name))) return undefined;
    named.set(String(name), element);
  }
  return named;
}

function matchNames(before: ByName, after: ByName): ListMatch {
  const pairs = [];
  const added = [];
  for (const [name, value] of after) {
    const was = before.get(name);
    if (was === undefined) added.push({ name, value });
    else pairs.push({ name, before: was, after: value });
  }
  const removed = [...before].filter(([name]) => !after.has(name)).map(([name, value]) => ({ name, value }));
  return { pairs, removed, added };
}

function matchEqual(before: readonly unknown[], after: readonly unknown[]) {
  const left = new Map<string, Placed[]>();
  for (const [place, value] of before.entries()) {
    const text = canonicalText(value);
    const equal = left.get(text);
    if (equal === undefined) left.set(text, [{ place, value }]);
    else equal.push({ place, value });
  }
  const added = after.map((value) => ({ value })).filter(({ value }) => !left.get(canonicalText(value))?.pop());
  return { removed: [...left.values()].flat(), added };
}
