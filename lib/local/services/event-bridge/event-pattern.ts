/** Event patterns: which events a rule is for (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html). */
import { compileLeafMatcher, invalidPattern, isLeaf, type LeafMatcher, MATCHER_NAMES } from "./leaf-matcher.ts";

/** True for the events that the pattern is for. */
export type EventPattern = (event: unknown) => boolean;

/** `value` stands where the pattern does; the whole event is there for what is said of absent fields. */
type Test = (value: unknown, event: unknown) => boolean;
type Path = readonly string[];

const MAX_PATTERN_LENGTH = 4096;

/**
 * Fields of a pattern must all match, the values of a field are alternatives, and of an array in the event one element is enough.
 *
 * @throws AwsError `InvalidEventPatternException`, also for a matcher that is not known: it must not match in silence.
 */
export function compileEventPattern(source: string): EventPattern {
  if (source.length > MAX_PATTERN_LENGTH) throw invalidPattern(`longer than ${MAX_PATTERN_LENGTH} characters`);
  const test = compileFields(parse(source), []);
  return (event) => test(event, event);
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw Object.assign(invalidPattern("not JSON"), { cause });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compileFields(pattern: unknown, path: Path): Test {
  if (!isObject(pattern)) throw invalidPattern(`"${path.at(-1) ?? "the pattern"}" must be an object or an array`);
  const members = Object.entries(pattern);
  if (members.length === 0) throw invalidPattern("Empty objects are not allowed");
  const tests = members.map(([name, part]) => {
    if (name === "$or" && isAlternatives(part)) return compileAlternatives(part, path);
    return Array.isArray(part) ? compileValues(part, [...path, name]) : compileChild(part, [...path, name]);
  });
  return (value, event) => tests.every((test) => test(value, event));
}

/** Where it has no such form, `$or` is the name of a field like any other. */
function isAlternatives(part: unknown): part is readonly Readonly<Record<string, unknown>>[] {
  return (
    Array.isArray(part) &&
    part.length >= 2 &&
    part.every((one) => isObject(one) && !Object.keys(one).some((name) => MATCHER_NAMES.has(name)))
  );
}

function compileAlternatives(alternatives: readonly unknown[], path: Path): Test {
  const tests = alternatives.map((alternative) => compileFields(alternative, path));
  return (value, event) => tests.some((test) => test(value, event));
}

/** All of the fields in one and the same element, where the event has an array. */
function compileChild(pattern: unknown, path: Path): Test {
  const test = compileFields(pattern, path);
  return (value, event) => {
    const objects = flatten(member(value, path)).filter(isObject);
    // Nothing there satisfies nothing, but for patterns that ask for absence.
    return objects.length === 0 ? test(undefined, event) : objects.some((object) => test(object, event));
  };
}

function compileValues(values: readonly unknown[], path: Path): Test {
  if (values.length === 0) throw invalidPattern("Empty arrays are not allowed");
  const matchers = values.map(compileLeafMatcher);
  const present = matchers.filter((matcher): matcher is Exclude<LeafMatcher, "absent"> => matcher !== "absent");
  const absenceMatches = matchers.length > present.length;
  return (value, event) => {
    const leaves = flatten(member(value, path)).filter(isLeaf);
    if (leaves.some((leaf) => present.some((matcher) => matcher(leaf)))) return true;
    return absenceMatches && !hasLeaf(event, path);
  };
}

function member(value: unknown, path: Path): unknown {
  const name = path.at(-1) ?? "";
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Absence is about the whole event: no element of any array on the way may have the field. */
function hasLeaf(event: unknown, path: Path): boolean {
  let values: readonly unknown[] = [event];
  for (let depth = 0; depth < path.length; depth += 1) {
    values = values.flatMap((value) => flatten(member(value, path.slice(0, depth + 1))));
  }
  return values.some(isLeaf);
}

/** An array's elements, however deep, without recursion: the depth of an event is its sender's choice. */
function flatten(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  const flat: unknown[] = [];
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (Array.isArray(next)) for (const element of next) rest.push(element);
    else flat.push(next);
  }
  return flat;
}
