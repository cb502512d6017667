/** The modifiers behind a field's name (https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html). */
import { COMPARISONS, type Comparison, type FieldTest } from "./rule.ts";

export type FieldKey = Pick<FieldTest, "field" | "comparison" | "all" | "cased" | "negated" | "expand">;

const FLAGS = ["all", "cased", "neq", "expand"] as const;
type Flag = (typeof FLAGS)[number];

/** Why a modifier of the specification is refused. */
const REFUSED: Readonly<Record<string, string>> = {
  re: "regular expressions are not supported: a hostile record could hold one up for ever; use contains and wildcards",
};

/** Which flags make sense with a comparison; the text comparisons know all of them. */
const ALLOWED: Partial<Record<Comparison, readonly Flag[]>> = {
  exists: [],
  cidr: ["all", "neq", "expand"],
  gt: ["all", "neq"],
  gte: ["all", "neq"],
  lt: ["all", "neq"],
  lte: ["all", "neq"],
  fieldref: ["all", "cased", "neq"],
};

/**
 * Takes `userAgent|contains|all` apart.
 *
 * @throws what `invalid` makes, for a modifier that is unknown, not supported or does not go with the others
 */
export function parseFieldKey(key: string, invalid: (message: string) => Error): FieldKey {
  const [field = "", ...modifiers] = key.split("|");
  if (field === "") throw invalid("has no field: searching a whole record for keywords is not supported");
  if (field.split(".").includes("")) throw invalid("has an empty name between its dots");

  const comparison = comparisonOf(modifiers, invalid);
  const given = modifiers.filter(isFlag);
  const allowed = comparison === undefined ? undefined : ALLOWED[comparison];
  const misplaced = allowed && given.find((flag) => !allowed.includes(flag));
  if (misplaced !== undefined) throw invalid(`${comparison} and ${misplaced} cannot be combined`);
  if (given.includes("all") && given.includes("neq")) {
    throw invalid("all and neq cannot be combined: negate the selection in the condition");
  }
  return {
    field,
    comparison: comparison ?? "equals",
    all: given.includes("all"),
    cased: given.includes("cased"),
    negated: given.includes("neq"),
    expand: given.includes("expand"),
  };
}

function comparisonOf(modifiers: readonly string[], invalid: (message: string) => Error): Comparison | undefined {
  const others = modifiers.filter((modifier) => !isFlag(modifier));
  for (const modifier of others) {
    if (isComparison(modifier)) continue;
    const reason = Object.hasOwn(REFUSED, modifier) ? REFUSED[modifier] : undefined;
    throw invalid(reason ?? `the modifier ${modifier || "(empty)"} is not supported`);
  }
  if (others.length > 1) throw invalid(`${others.join(" and ")} cannot be combined`);
  return others.find(isComparison);
}

function isFlag(modifier: string): modifier is Flag {
  return FLAGS.some((flag) => flag === modifier);
}

// `equals` is what a field without a modifier means; Sigma has no modifier of that name.
function isComparison(modifier: string): modifier is Comparison {
  return modifier !== "equals" && COMPARISONS.some((comparison) => comparison === modifier);
}
