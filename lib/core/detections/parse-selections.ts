/** The selections of a rule: maps of fields (and), lists of such maps (or), each value checked against its modifiers. */
import { toSubnet } from "./cidr.ts";
import { type FieldKey, parseFieldKey } from "./modifiers.ts";
import { placeholdersIn } from "./placeholders.ts";
import type { Comparison, FieldTest, Selection, Value } from "./rule.ts";
import type { RuleDocument } from "./rule-document.ts";

type Path = readonly PropertyKey[];

const MAX_SELECTIONS = 200;

/** @throws GatebookError `RULE_INVALID` */
export function parseSelections(written: readonly (readonly [string, unknown])[], document: RuleDocument): Selection[] {
  if (written.length === 0) throw document.invalid(["detection"], "must have a selection");
  if (written.length > MAX_SELECTIONS)
    throw document.invalid(["detection"], `has more than ${MAX_SELECTIONS} selections`);
  return written.map(([name, value]) => {
    const path = ["detection", name];
    if (!Array.isArray(value)) return { name, alternatives: [parseFields(value, path, document)] };
    if (value.length === 0) throw document.invalid(path, "must not be empty");
    return { name, alternatives: value.map((fields, i) => parseFields(fields, [...path, i], document)) };
  });
}

function parseFields(value: unknown, path: Path, document: RuleDocument): FieldTest[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw document.invalid(path, "must be a map of fields: searching a whole record for keywords is not supported");
  }
  const fields = Object.entries(value);
  if (fields.length === 0) throw document.invalid(path, "must not be empty");
  return fields.map(([key, values]) => parseField(key, values, [...path, key], document));
}

function parseField(key: string, written: unknown, path: Path, document: RuleDocument): FieldTest {
  const invalid = (message: string): Error => document.invalid(path, message);
  const parsed = parseFieldKey(key, invalid);
  const values: readonly unknown[] = Array.isArray(written) ? written : [written];
  if (values.length === 0) throw invalid("must not be an empty list");
  if (parsed.all && values.length === 1 && !parsed.expand) throw invalid("all needs a list of two values or more");
  if (parsed.comparison === "exists" && Array.isArray(written)) throw invalid("exists must be true or false");
  return {
    ...parsed,
    line: document.lineOf(path),
    values: values.map((value) => {
      if (!isValue(value)) throw invalid("must be text, a number, true, false, null or a list of those");
      const problem = problemOf(value, parsed);
      if (problem !== undefined) throw invalid(problem);
      return value;
    }),
  };
}

function isValue(value: unknown): value is Value {
  return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
}

const needsNumber = (value: Value): string | undefined =>
  typeof value === "number" ? undefined : "must be a number, without quotes";
const needsPresence = (value: Value): string | undefined =>
  value === null ? "null goes with no modifier but neq: it means that the field is missing" : undefined;

/** What is wrong with a value of a comparison, if anything is. */
const VALUE_CHECKS: Readonly<Record<Comparison, (value: Value) => string | undefined>> = {
  equals: () => undefined,
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
};

function problemOf(value: Value, { comparison, expand }: FieldKey): string | undefined {
  if (!expand) return VALUE_CHECKS[comparison](value);
  if (typeof value === "string" && placeholdersIn(value).length > 0) return undefined;
  return "expand needs a placeholder, such as %deploy_roles%";
}
