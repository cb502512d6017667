/** The modifiers behind a field's name (https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html). */
import { type Comparison, ENCODINGS, type Encoding, type FieldTest, TIME_PARTS, type TimePart } from "../rule.ts";

export type FieldKey = Omit<FieldTest, "line" | "values">;

const COMPARATORS = [
  "contains",
  "startswith",
  "endswith",
  "exists",
  "cidr",
  "gt",
  "gte",
  "lt",
  "lte",
  "fieldref",
  "re",
] as const;
const SWITCHES = ["all", "cased", "neq", "expand"] as const;
const PLACES = ["contains", "startswith", "endswith"] as const;

/** Flags of regular expressions, also by the names that Sigma's own tools know. */
const FLAGS: Readonly<Record<string, string>> = {
  i: "i",
  ignorecase: "i",
  m: "m",
  multiline: "m",
  s: "s",
  dotall: "s",
};

/** Which switches make sense with what is neither text nor anything in it; text knows all of them. */
const ALLOWED: Partial<Record<Comparison, readonly string[]>> = {
  exists: [],
  cidr: ["all", "neq", "expand"],
  gt: ["all", "neq"],
  gte: ["all", "neq"],
  lt: ["all", "neq"],
  lte: ["all", "neq"],
  fieldref: ["all", "cased", "neq"],
  re: ["all", "neq", "expand"],
};

/** What a keyword, which has no field, can be. */
const OF_KEYWORDS: readonly Comparison[] = ["equals", "contains", "startswith", "endswith", "re"];

type Invalid = (message: string) => Error;

/**
 * Takes `userAgent|contains|all` apart.
 *
 * @throws what `invalid` makes, for a modifier that is unknown or does not go with the others
 */
export function parseFieldKey(key: string, invalid: Invalid): FieldKey {
  const [field = "", ...modifiers] = key.split("|");
  if (field !== "" && field.split(".").includes("")) throw invalid("has an empty name between its dots");
  if (field.split(".").includes("__proto__")) throw invalid("__proto__ is not a field that a record can have");
  for (const [i, modifier] of modifiers.entries()) {
    if (!isKnown(modifier)) throw invalid(`the modifier ${modifier || "(empty)"} is not known`);
    if (modifiers.indexOf(modifier) < i && !isEncoding(modifier)) throw invalid(`${modifier} is there twice`);
  }
  const { comparison, place } = comparisonOf(modifiers, invalid);
  const encodings = modifiers.filter(isEncoding);
  const part = partOf(modifiers, invalid);
  const flags = flagsOf(modifiers);
  const given = (name: (typeof SWITCHES)[number]): boolean => modifiers.includes(name);
  const parsed: FieldKey = {
    field,
    comparison,
    all: given("all"),
    cased: given("cased"),
    negated: given("neq"),
    expand: given("expand"),
    ...(encodings.length > 0 && { encodings }),
    ...(part !== undefined && { part }),
    ...(flags !== "" && { flags }),
    ...(place !== undefined && { place }),
  };
  refuseCombinations(parsed, modifiers, invalid);
  return parsed;
}

function comparisonOf(modifiers: readonly string[], invalid: Invalid): Pick<FieldKey, "comparison" | "place"> {
  const comparators = modifiers.filter((modifier) => COMPARATORS.some((each) => each === modifier));
  const places = PLACES.filter((each) => comparators.includes(each));
  const [place] = places;
  const others = COMPARATORS.filter((each) => comparators.includes(each) && !PLACES.some((known) => known === each));
  const [other] = others;
  const isPlaced = other === undefined || other === "re" || other === "fieldref";
  if (others.length > 1 || places.length > 1 || (place !== undefined && !isPlaced)) {
    throw invalid(`${comparators.join(" and ")} cannot be combined`);
  }
  if (other === undefined) return { comparison: place ?? "equals" };
  // Wherever an expression matches is where the field contains it.
  return place === undefined || (other === "re" && place === "contains")
    ? { comparison: other }
    : { comparison: other, place };
}

function partOf(modifiers: readonly string[], invalid: Invalid): TimePart | undefined {
  const parts = TIME_PARTS.filter((part) => modifiers.includes(part));
  if (parts.length > 1) throw invalid(`${parts.join(" and ")} cannot be combined`);
  return parts[0];
}

function flagsOf(modifiers: readonly string[]): string {
  const flags = modifiers.flatMap((modifier) => (Object.hasOwn(FLAGS, modifier) ? (FLAGS[modifier] ?? []) : []));
  return [...new Set(flags)].sort().join("");
}

function refuseCombinations(key: FieldKey, modifiers: readonly string[], invalid: Invalid): void {
  const { comparison, part, flags = "", field } = key;
  const refuse = (...names: string[]): Error => invalid(`${names.join(" and ")} cannot be combined`);
  const switches = SWITCHES.filter((name) => modifiers.includes(name));
  const misplaced = switches.find((name) => ALLOWED[comparison]?.includes(name) === false);
  if (misplaced !== undefined) throw refuse(comparison, misplaced);
  if (flags !== "" && comparison !== "re") throw invalid("i, m and s belong behind re");
  if (key.all && key.negated) throw invalid("all and neq cannot be combined: negate the selection in the condition");
  if (part !== undefined) refuseWithPart(key, part, refuse);

  if (field === "") refuseKeyword(key, invalid);
  refuseEncodings(key, modifiers, invalid);
}

function refuseEncodings(
  { encodings, comparison, part }: FieldKey,
  modifiers: readonly string[],
  invalid: Invalid,
): void {
  const [encoding] = encodings ?? [];
  if (encoding === undefined) return;
  if (part !== undefined || ALLOWED[comparison] !== undefined) {
    throw invalid(`${part ?? comparison} and ${encoding} cannot be combined`);
  }
  // Applied one after another: Base64 of a value that is open on a side already, or of a placeholder's name, is nothing.
  const base64 = modifiers.findIndex((modifier) => modifier.startsWith("base64"));
  const early =
    base64 < 0 ? undefined : modifiers.slice(0, base64).find((each) => PLACES.some((place) => place === each));
  if (early !== undefined) throw invalid(`${modifiers[base64]} must stand before ${early}`);
  if (base64 >= 0 && modifiers.indexOf("expand") > base64)
    throw invalid(`expand must stand before ${modifiers[base64]}`);
}

function refuseWithPart(
  { comparison, cased, expand }: FieldKey,
  part: TimePart,
  refuse: (...names: string[]) => Error,
): void {
  const isNumber = ["equals", "gt", "gte", "lt", "lte"].includes(comparison);
  if (!isNumber) throw refuse(part, comparison);
  if (cased || expand) throw refuse(part, cased ? "cased" : "expand");
}

function refuseKeyword({ comparison, part, negated }: FieldKey, invalid: Invalid): void {
  if (!OF_KEYWORDS.includes(comparison)) throw invalid(`${comparison} needs a field before it`);
  if (part !== undefined) throw invalid(`${part} needs a field before it`);
  if (negated) throw invalid("neq needs a field before it: negate the selection in the condition");
}

function isEncoding(modifier: string): modifier is Encoding {
  return ENCODINGS.some((encoding) => encoding === modifier);
}

function isKnown(modifier: string): boolean {
  const known: readonly string[] = [...COMPARATORS, ...SWITCHES, ...ENCODINGS, ...TIME_PARTS];
  return known.includes(modifier) || Object.hasOwn(FLAGS, modifier);
}
