/** Schemas and small shapes shared by the sources: liberal in what they read, exact in what they write. */
import * as z from "zod";
import { GatebookError } from "../errors.ts";
import { isObject, scalarText, sha256Hex } from "./json.ts";
import { lenient, quickly, wholeReader } from "./read-members.ts";

/** Text that a source may leave out, write as null or empty, or get wrong: an unusable value reads as absent, and the event stands. */
export const text = lenient(textOf);

/** What two events are told apart by. Samples write dots where an id was: those would make different events one. */
export const id = lenient((value) => {
  const written = textOf(value);
  return /[0-9a-z]/i.test(written ?? "") ? written : undefined;
});

/** An object that a source may leave out, or write as null or as text. */
export const object = lenient((value) => (isObject(value) ? value : undefined));

/** Of any type, for whoever reads it to judge. */
export const anything = lenient((value) => value);

/** CloudTrail writes booleans as `"true"`, `true` or `"Yes"`. */
export const flag = lenient((value) => {
  const word = scalarText(value).toLowerCase();
  if (word === "true" || word === "yes") return true;
  return word === "false" || word === "no" ? false : undefined;
});

/** A time that we rely on: RFC 3339, read as epoch milliseconds with `Date.parse`. */
export const time = quickly(z.iso.datetime({ offset: true, error: "is not a time like 2026-11-23T10:00:00Z" }), isTime);

/** Text that we rely on. */
export const requiredText = quickly(z.string().min(1), (value) => typeof value === "string" && value !== "");

const TIME = z.regexes.datetime({ offset: true });

export function isTime(value: unknown): value is string {
  return typeof value === "string" && TIME.test(value);
}

export function millisOf(value: string | undefined): number | undefined {
  return isTime(value) ? Date.parse(value) : undefined;
}

/** Parses with a schema, or throws INPUT_INVALID that says where in `what` and why, without quoting a value. */
export function read<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const told = readerFor(schema)(value);
  if (told !== undefined) return told;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const why = result.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`).join("; ");
  throw new GatebookError("INPUT_INVALID", `${what} cannot be read: ${why}`, { cause: result.error });
}

const readers = new WeakMap<z.ZodType, (value: unknown) => unknown>();

function readerFor<T>(schema: z.ZodType<T>): (value: unknown) => T | undefined {
  const known = readers.get(schema) as ((value: unknown) => T | undefined) | undefined;
  if (known !== undefined) return known;
  const made = wholeReader(schema);
  readers.set(schema, made);
  return made;
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The fields that have a value: an absent member is left out, never written as undefined. */
export function defined<const T extends object>(fields: T): Defined<T> {
  const kept: Partial<T> = {};
  // Several times an event: `for…in` makes no arrays, and our literals inherit nothing enumerable.
  for (const name in fields) {
    if (fields[name] !== undefined) kept[name] = fields[name];
  }
  return kept as unknown as Defined<T>;
}

/** A nested object of which nothing is relied on: what is not as the schema says reads as absent, without the cost of an error. */
export function part<T>(schema: z.ZodType<T>) {
  const readWhole = wholeReader(schema);
  return lenient((value) => (typeof value === "object" && value !== null ? readWhole(value) : undefined));
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Ids and principals become keys of the index, which are bounded: past the bound a hash stands for the rest. */
export function bounded(value: string, maxChars: number): string {
  if (value.length <= maxChars) return value;
  const digest = `#sha256:${sha256Hex(value)}`;
  return `${value.slice(0, maxChars - digest.length)}${digest}`;
}
