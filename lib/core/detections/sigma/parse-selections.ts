/** The selections of a rule: maps of fields (and), lists of such maps (or), lists of keywords (or). */
import { placeholdersIn } from "../match/placeholders.ts";
import type { FieldTest, Selection, Value } from "../rule.ts";
import { checkValue } from "./check-value.ts";
import { parseFieldKey } from "./modifiers.ts";
import type { Path, RuleDocument } from "./rule-document.ts";

const MAX_SELECTIONS = 200;

/**
 * @param parent the key that holds them
 * @throws GatebookError `RULE_INVALID`
 */
export function parseSelections(
  written: readonly (readonly [string, unknown])[],
  parent: string,
  document: RuleDocument,
): Selection[] {
  if (written.length === 0) throw document.invalid([parent], "must have a selection");
  if (written.length > MAX_SELECTIONS) throw document.invalid([parent], `has more than ${MAX_SELECTIONS} selections`);
  return written.map(([name, value]) => {
    const path = [parent, name];
    if (!Array.isArray(value)) return { name, alternatives: [parseFields(value, path, document)] };
    if (value.length === 0) throw document.invalid(path, "must not be empty");
    const keywords = value.filter(isValue);
    if (keywords.length === value.length) return { name, alternatives: [[parseField("", keywords, path, document)]] };
    return { name, alternatives: value.map((each, i) => parseFields(each, [...path, i], document)) };
  });
}

/** A map of fields, or one keyword. */
function parseFields(value: unknown, path: Path, document: RuleDocument): FieldTest[] {
  if (isValue(value)) return [parseField("", value, path, document)];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw document.invalid(path, "must be a map of fields or a list of keywords");
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
  if (parsed.expand && !values.some(isPlaceholder)) throw invalid("expand needs a placeholder, such as %deploy_roles%");
  return {
    ...parsed,
    line: document.lineOf(path),
    values: values.map((value) => {
      if (!isValue(value)) throw invalid("must be text, a number, true, false, null or a list of those");
      checkValue(value, parsed, invalid);
      return value;
    }),
  };
}

function isPlaceholder(value: unknown): boolean {
  return typeof value === "string" && placeholdersIn(value).length > 0;
}

function isValue(value: unknown): value is Value {
  return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
}
