/** What a rule cannot do without: fields that must have one of a few texts for the rule to match at all. */
import { fold, literalOf, parsePattern } from "./pattern.ts";
import type { Condition, FieldTest, Rule } from "./rule.ts";

/** By field, the texts (folded), one of which the field has in every record that the rule matches. */
export type Anchors = ReadonlyMap<string, ReadonlySet<string>>;

export function anchorsOf({ selections, condition }: Rule): Anchors {
  const bySelection = new Map(
    selections.map(({ name, alternatives }) => [name, either(alternatives.map((tests) => both(tests.map(ofTest))))]),
  );
  return ofCondition(condition, bySelection);
}

function ofCondition(condition: Condition, selections: ReadonlyMap<string, Anchors>): Anchors {
  switch (condition.type) {
    case "selection":
      return selections.get(condition.name) ?? new Map();
    // What is ruled out says nothing about what has to be there.
    case "not":
      return new Map();
    default: {
      const anchors = condition.conditions.map((inner) => ofCondition(inner, selections));
      return condition.type === "any" ? either(anchors) : both(anchors);
    }
  }
}

function ofTest({ field, comparison, negated, expand, values }: FieldTest): Anchors {
  const texts = values.map((value) => (value === null ? undefined : literalOf(parsePattern(String(value)))));
  const literals = texts.filter((text) => text !== undefined).map(fold);
  const isAnchor = comparison === "equals" && !negated && !expand && literals.length === values.length;
  return new Map(isAnchor ? [[field, new Set(literals)]] : []);
}

/** Where all hold, each one's anchors hold; of two for a field the narrower is kept. */
function both(all: readonly Anchors[]): Anchors {
  const merged = new Map<string, ReadonlySet<string>>();
  for (const [field, texts] of all.flatMap((anchors) => [...anchors])) {
    const known = merged.get(field);
    if (known === undefined || texts.size < known.size) merged.set(field, texts);
  }
  return merged;
}

/** Where any holds, only what all have in common holds. */
function either(all: readonly Anchors[]): Anchors {
  const [first = new Map<string, ReadonlySet<string>>(), ...others] = all;
  const common = [...first.keys()].filter((field) => others.every((anchors) => anchors.has(field)));
  return new Map(common.map((field) => [field, new Set(all.flatMap((anchors) => [...(anchors.get(field) ?? [])]))]));
}
