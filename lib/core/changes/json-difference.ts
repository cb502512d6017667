/** What differs between two JSON values, member by member: lists are compared by the names of their members, or as sets. */
import { isObject, type JsonObject } from "../sources/json.ts";
import { canonicalText, isSame } from "./canonical-text.ts";
import { shown, shownPair } from "./lines.ts";
import { isNamed, matchLists } from "./list-match.ts";

/** Deeper values are compared as a whole. */
const MAX_DEPTH = 20;
/** Differences past this are counted, and not told. */
const MAX_FOUND = 500;
/** A longer list is told element by element. */
const MAX_LIST_CHARS = 80;
/** What a person should see first, whatever the order of members. */
const GRAVE = /privileged|servicerole|rolearn|public|private|visib|enforce|mfadelete|buildspec|review|bypass/i;

export interface Difference {
  /** `environment.environmentVariables[LOG_LEVEL].value`; empty where the values themselves differ. */
  readonly path: string;
  readonly text: string;
}

export interface Differences {
  readonly found: Difference[];
  /** How many there are besides. */
  more: number;
}

export function jsonDifferences(before: unknown, after: unknown): Differences {
  const differences: Differences = { found: [], more: 0 };
  compare("", before, after, 0, differences);
  return inOrder(differences);
}

/** All that a value says, a line for each member that has no members. */
export function jsonState(value: unknown): Differences {
  const leaves: Differences = { found: [], more: 0 };
  collect("", value, 0, leaves);
  return inOrder(leaves);
}

export function lineOf({ path, text }: Difference, root: string): string {
  return `${path === "" ? root : path}: ${text}`;
}

function inOrder({ found, more }: Differences): Differences {
  const isGrave = ({ path }: Difference) => GRAVE.test(path);
  return { found: [...found.filter(isGrave), ...found.filter((each) => !isGrave(each))], more };
}

function compare(path: string, before: unknown, after: unknown, depth: number, into: Differences): void {
  if (before === after) return;
  const isOpen = depth < MAX_DEPTH;
  if (isOpen && isObject(before) && isObject(after)) compareMembers(path, before, after, depth, into);
  else if (isOpen && isList(before, after)) compareLists(path, asList(before), asList(after), depth, into);
  else if (isText(before, after)) compareTexts(path, before.split(LINE), String(after).split(LINE), into);
  else if (!isSame(before, after)) tell(into, path, () => shownPair(before, after));
}

const LINE = /\r?\n/;

/** What XML holds once is written as an object, and as a list where it is there twice. */
function isList(before: unknown, after: unknown): boolean {
  return Array.isArray(before) ? typeof after === "object" && after !== null : Array.isArray(after) && isObject(before);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isText(before: unknown, after: unknown): before is string {
  if (typeof before !== "string" || typeof after !== "string") return false;
  return before.includes("\n") || after.includes("\n");
}

function compareMembers(path: string, before: JsonObject, after: JsonObject, depth: number, into: Differences): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const at = memberPath(path, name);
    if (!Object.hasOwn(after, name)) tell(into, at, () => `${shown(before[name])} was removed`);
    else if (!Object.hasOwn(before, name)) tell(into, at, () => `${shown(after[name])} was added`);
    else compare(at, before[name], after[name], depth + 1, into);
  }
}

function compareLists(
  path: string,
  before: readonly unknown[],
  after: readonly unknown[],
  depth: number,
  into: Differences,
): void {
  const { pairs, removed, added } = matchLists(before, after);
  for (const { name, value } of removed) tell(into, elementPath(path, name), () => `${shown(value)} was removed`);
  for (const { name, value } of added) tell(into, elementPath(path, name), () => `${shown(value)} was added`);
  for (const { name, before: was, after: is } of pairs) compare(elementPath(path, name), was, is, depth + 1, into);
}

/** A script or a file: its lines, whose order is left aside, and told as a whole where nothing but the order differs. */
function compareTexts(path: string, before: readonly string[], after: readonly string[], into: Differences): void {
  const { removed, added } = matchLists(before, after);
  for (const { value } of removed) tell(into, path, () => `line ${shown(value)} was removed`);
  for (const { value } of added) tell(into, path, () => `line ${shown(value)} was added`);
  if (removed.length + added.length > 0 || before.join("\n") === after.join("\n")) return;
  tell(into, path, () => shownPair(before.join("\n"), after.join("\n")));
}

function collect(path: string, value: unknown, depth: number, into: Differences): void {
  const isOpen = depth < MAX_DEPTH && typeof value === "object" && value !== null && Object.keys(value).length > 0;
  if (isOpen && isObject(value)) {
    for (const name of Object.keys(value)) collect(memberPath(path, name), value[name], depth + 1, into);
  } else if (isOpen && Array.isArray(value) && isNamed(value)) {
    for (const { name, value: member } of matchLists([], value).added) {
      collect(elementPath(path, name), member, depth + 1, into);
    }
  } else if (isOpen && Array.isArray(value) && canonicalText(value, MAX_LIST_CHARS).length > MAX_LIST_CHARS) {
    for (const element of value) tell(into, path, () => shown(element));
  } else {
    tell(into, path, () => shown(value));
  }
}

function tell(into: Differences, path: string, text: () => string): void {
  if (into.found.length < MAX_FOUND) into.found.push({ path, text: text() });
  else into.more += 1;
}

function memberPath(path: string, name: string): string {
  const segment = /^[\w:@$/-]{1,80}$/.test(name) ? name : canonicalText(name.slice(0, MAX_NAME_CHARS));
  return path === "" ? segment : `${path}.${segment}`;
}

const MAX_NAME_CHARS = 80;

function elementPath(path: string, name: string | undefined): string {
  return name === undefined ? path : `${path}[${name.slice(0, MAX_NAME_CHARS)}]`;
}
