/** Whether a rule's value is what its modifiers need. */
import { toSubnet } from "../match/cidr.ts";
import { encode } from "../match/encode.ts";
import { expressionProblem } from "../match/expression.ts";
import { parsePattern } from "../match/pattern.ts";
import { placeholdersIn } from "../match/placeholders.ts";
import type { Comparison, Value } from "../rule.ts";
import type { FieldKey } from "./modifiers.ts";

type Check = (value: Value, key: FieldKey) => string | undefined;

/** @throws what `invalid` makes */
export function checkValue(value: Value, key: FieldKey, invalid: (message: string) => Error): void {
  // What a placeholder stands for is checked where it is filled.
  if (key.expand && typeof value === "string" && placeholdersIn(value).length > 0) return;
  const problem = key.part === undefined ? CHECKS[key.comparison](value, key) : needsInteger(value, key);
  if (problem !== undefined) throw invalid(problem);
  if (key.encodings === undefined) return;
  if (typeof value !== "string") throw invalid(`${key.encodings[0]} needs text`);
  encode(parsePattern(value), key.encodings, invalid);
}

const needsNumber: Check = (value) => (typeof value === "number" ? undefined : "must be a number, without quotes");

const needsInteger: Check = (value, { part }) =>
  Number.isInteger(value) ? undefined : `${part} is compared with a whole number, without quotes`;

const needsPresence: Check = (value) =>
  value === null ? "null goes with no modifier but neq: it means that the field is missing" : undefined;

const CHECKS: Readonly<Record<Comparison, Check>> = {
  equals: (value, { field }) => (value === null && field === "" ? "a keyword must be text, not null" : undefined),
  contains: needsPresence,
  startswith: needsPresence,
  endswith: needsPresence,
  exists: (value) => (typeof value === "boolean" ? undefined : "exists must be true or false"),
  cidr: (value) => (toSubnet(value) ? undefined : "must be a network, such as 10.0.0.0/8 or 2001:db8::/32"),
  gt: needsNumber,
  gte: needsNumber,
  lt: needsNumber,
  lte: needsNumber,
  fieldref: (value) =>
    typeof value === "string" && !value.split(".").includes("") ? undefined : "must be the name of a field",
  re: (value, { flags = "", place }) =>
    typeof value === "string"
      ? expressionProblem({ source: value, flags, place })
      : "must be a regular expression, as text",
};
