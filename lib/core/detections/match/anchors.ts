/** What a rule cannot do without: fields that must be there, and of some of them clues to the texts that they must have. */
import type { Condition, FieldTest, Rule } from "../rule.ts";
import { type Clue, clueOf } from "./clue.ts";

/** By field, the clues, one of which a text of the field fits in every record that matches; undefined is any text at all. */
export type Anchors = ReadonlyMap<string, ReadonlySet<Clue> | undefined>;

/** More ways than this to match are taken together. */
const MAX_WAYS = 8;

/** The ways in which the rule can match, each with its own anchors: every record that it matches has those of one of them. */
export function anchorsOf({ selections, condition }: Pick<Rule, "selections" | "condition">): readonly Anchors[] {
  const bySelection = new Map(
    selections.map(({ name, alternatives }) => [name, anyOf(alternatives.map((tests) => [both(tests.map(ofTest))]))]),
  );
  return ofCondition(condition, bySelection);
}

type Ways = readonly Anchors[];

const NO_ANCHORS: Anchors = new Map();

function ofCondition(condition: Condition, selections: ReadonlyMap<string, Ways>): Ways {
  switch (condition.type) {
    case "selection":
      return selections.get(condition.name) ?? [NO_ANCHORS];
    // What is ruled out says nothing about what has to be there.
    case "not":
      return [NO_ANCHORS];
    default: {
      const ways = condition.conditions.map((inner) => ofCondition(inner, selections));
      return condition.type === "any" ? anyOf(ways) : allOf(ways);
    }
  }
}

function anyOf(each: readonly Ways[]): Ways {
  const ways = each.flat();
  const common = either(ways);
  const isTold = [...common.values()].some((texts) => texts !== undefined);
  return isTold || ways.length > MAX_WAYS ? [common] : ways;
}

function allOf(each: readonly Ways[]): Ways {
  const common = both(each.map(either));
  const isTold = [...common.values()].some((texts) => texts !== undefined);
  const split = each.find((ways) => ways.length > 1);
  return isTold || split === undefined ? [common] : split.map((way) => both([way, common]));
}

function ofTest(test: FieldTest): Anchors {
  const { field, comparison, negated, values } = test;
  const isAbsent = comparison === "exists" ? values[0] !== true : values.includes(null);
  if (field === "" || negated || isAbsent) return NO_ANCHORS;
  const clues = values.map((value) => clueOf(test, value));
  const told = clues.filter((clue) => clue !== undefined);
  return new Map([[field, told.length === clues.length ? new Set(told) : undefined]]);
}

/** Where all hold, each one's anchors hold; of two for a field the narrower is kept. */
function both(all: readonly Anchors[]): Anchors {
  const merged = new Map<string, ReadonlySet<Clue> | undefined>();
  for (const [field, texts] of all.flatMap((anchors) => [...anchors])) {
    const known = merged.get(field);
    if (known === undefined || (texts !== undefined && texts.size < known.size)) merged.set(field, texts);
  }
  return merged;
}

/** Where any holds, only what all have in common holds. */
function either(all: readonly Anchors[]): Anchors {
  const [first = NO_ANCHORS, ...others] = all;
  const common = [...first.keys()].filter((field) => others.every((anchors) => anchors.has(field)));
  return new Map(
    common.map((field) => {
      const texts = all.map((anchors) => anchors.get(field));
      const told = texts.filter((each) => each !== undefined);
      return [field, told.length === texts.length ? new Set(told.flatMap((each) => [...each])) : undefined];
    }),
  );
}
