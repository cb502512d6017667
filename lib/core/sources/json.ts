/** JSON from outside: bounded in depth, free of keys that could reach a prototype, and refused with messages that quote nothing of it. */
import { hash } from "node:crypto";
import { GatebookError } from "../errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** AWS and GitHub stay under 20 levels. Bounded, so that whoever walks the value later may recurse. */
const MAX_DEPTH = 100;

/** No key of ours is called so; a stranger's would reach the prototype of whatever it is merged into. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses JSON. `what` names the text in errors: INPUT_INVALID, whatever is wrong. Forbidden keys are left out. */
export function parseJson(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The cause is dropped: V8's message quotes the text, which may hold a secret.
    throw new GatebookError("INPUT_INVALID", `${what} is not JSON${whereOf(cause)}`);
  }
  sweep(value, what);
  return value;
}

/** The object whose JSON a text is, as one system's message carries another's; nothing for whatever else. */
export function parseJsonObject(text: unknown): JsonObject | undefined {
  if (typeof text !== "string" || !text.trimStart().startsWith("{")) return undefined;
  try {
    const value = parseJson(text, "the text");
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof GatebookError) return undefined;
    throw error;
  }
}

/** The same text for the same value, whatever the order of its keys. The value must come from `parseJson`. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  let members = "";
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    members += `${members === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

/** A text, number or boolean as text; nothing for any other. An object may have a `toString` of its sender's, which is no function. */
export function scalarText(value: unknown): string {
  return typeof value === "object" || typeof value === "function" || value === undefined ? "" : String(value);
}

function whereOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : "";
  if (message === "Unexpected end of JSON input") return ": it ends too early";
  const [where] = /at position \d+ \(line \d+ column \d+\)/.exec(message) ?? [];
  return where === undefined ? "" : ` ${where}`;
}

/** Level by level and in place: no recursion that a deep value could exhaust, and no second copy. */
function sweep(root: unknown, what: string): void {
  let level: object[] = typeof root === "object" && root !== null ? [root] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new GatebookError("INPUT_INVALID", `${what} is nested more than ${MAX_DEPTH} levels deep`);
    }
    const next: object[] = [];
    for (const parent of level) sweepOne(parent, next);
    level = next;
  }
}

function sweepOne(parent: object, children: object[]): void {
  for (const key of Object.keys(parent)) {
    const child: unknown = parent[key as keyof typeof parent];
    if (FORBIDDEN_KEYS.has(key)) Reflect.deleteProperty(parent, key);
    else if (typeof child === "object" && child !== null) children.push(child);
  }
}
