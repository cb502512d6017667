/** Reading a field of a record by its dotted path. Records come from outside: any JSON, as deep as it likes. */
import { compactJson } from "./compact-json.ts";

/** What `plainValue` returns where an array stands on the way: there is more than one value then. */
export const SEVERAL: unique symbol = Symbol("several");

/** The one value that the path leads to; undefined is none. Own properties only. */
export function plainValue(record: unknown, path: readonly string[]): unknown {
  let value = record;
  for (const key of path) {
    if (!isObject(value)) return undefined;
    if (Array.isArray(value)) return SEVERAL;
    value = key === "__proto__" && !Object.hasOwn(value, key) ? undefined : value[key];
    // What an object inherits is functions, which no JSON has: cheaper to tell than whether a property is its own.
    if (value === undefined || typeof value === "function") return undefined;
  }
  return value;
}

/**
 * Whether any value that the path leads to passes the test; an array on the way counts element by element. Own properties only. The test is
 * not called where the field is missing.
 */
export function someValue(record: unknown, path: readonly string[], test: (value: unknown) => boolean): boolean {
  const only = plainValue(record, path);
  if (only !== SEVERAL) return only !== undefined && test(only);
  let value = record;
  for (let i = 0; i < path.length; i++) {
    if (Array.isArray(value)) return someValueBelow(value, path.slice(i), test);
    const key = path[i] ?? "";
    if (!isObject(value) || !Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return test(value);
}

// Level by level and not by recursion, which nested arrays would exhaust.
function someValueBelow(elements: unknown[], path: readonly string[], test: (value: unknown) => boolean): boolean {
  let level: unknown[] = elements;
  for (const key of path) {
    level = leavesOf(level)
      .filter(isObject)
      .filter((value) => Object.hasOwn(value, key))
      .map((value) => value[key]);
  }
  return level.some(test);
}

/**
 * Whether any text of a field's value passes the test: a scalar's own, each of an array's elements', and an object's or array's compact
 * JSON. Null has no text.
 */
export function someText(value: unknown, test: (text: string) => boolean): boolean {
  if (!Array.isArray(value)) return someTextOfOne(value, test);
  return leavesOf(value).some((element) => someTextOfOne(element, test)) || test(compactJson(value));
}

/** As `someText`, of scalars alone: spares a test that JSON never passes the writing of it. */
export function someLeafText(value: unknown, test: (text: string) => boolean): boolean {
  return Array.isArray(value)
    ? leavesOf(value).some((leaf) => someScalarText(leaf, test))
    : someScalarText(value, test);
}

/** As `someText`, of what the elements are and never of an array as a whole. */
export function someElementText(value: unknown, test: (text: string) => boolean): boolean {
  return Array.isArray(value)
    ? leavesOf(value).some((element) => someTextOfOne(element, test))
    : someTextOfOne(value, test);
}

/** Whether a value is null or an array that has a null. */
export function hasNull(value: unknown): boolean {
  return value === null || (Array.isArray(value) && leavesOf(value).includes(null));
}

/** A number, or text that is one as it would be written in JSON. */
export function someNumber(value: unknown, test: (number: number) => boolean): boolean {
  return someElementText(value, (text) => /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) && test(Number(text)));
}

function someTextOfOne(value: unknown, test: (text: string) => boolean): boolean {
  return isObject(value) ? test(compactJson(value)) : someScalarText(value, test);
}

function someScalarText(value: unknown, test: (text: string) => boolean): boolean {
  if (typeof value === "string") return test(value);
  return (typeof value === "number" || typeof value === "boolean") && test(String(value));
}

/** The elements that are no arrays, of arrays in arrays as well. */
function leavesOf(elements: readonly unknown[]): unknown[] {
  if (!elements.some(Array.isArray)) return [...elements];
  const leaves: unknown[] = [];
  const left: unknown[] = elements.toReversed();
  while (left.length > 0) {
    const element = left.pop();
    if (!Array.isArray(element)) leaves.push(element);
    else for (let i = element.length - 1; i >= 0; i--) left.push(element[i]);
  }
  return leaves;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
