/** In which groups of a correlation an event is, and what it adds to each. */
import type { CorrelationRule } from "../correlation-rule.ts";
import type { Candidate } from "../match/detect.ts";
import type { Rule } from "../rule.ts";
import { fieldReader, labelOf, type ReadField, shorten, tuplesOf } from "./field-texts.ts";
import type { LinkedCorrelation } from "./link-correlations.ts";
import { hashTexts, type Place } from "./member.ts";

/** In one correlation, of one event: groups and values together. */
const MAX_PLACES = 16;

const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

interface Placed {
  readonly places: readonly Place[];
  readonly above: readonly (readonly [correlation: string, Place])[];
}

/** @param rule of the correlation's rules, the one that the event matched, at whatever depth of the chain */
export function placeEvent(
  { rule: correlation, ancestors }: LinkedCorrelation,
  rule: Rule,
  candidate: Candidate,
): Placed {
  const read = fieldReader(candidate, rule);
  return {
    places: placesIn(correlation, [rule], read),
    above: ancestors.flatMap(({ rule: above }) =>
      placesIn(above, [rule, correlation], read).map((place) => [above.id, place] as const),
    ),
  };
}

type Named = Pick<Rule, "id" | "name">;

/** @param matched by whose names an alias may say which field it stands for */
function placesIn(correlation: CorrelationRule, matched: readonly Named[], read: ReadField): Place[] {
  const { groupBy, aliases, condition } = correlation;
  const names = matched.flatMap(({ id, name }) => [name, id]).filter((name) => name !== undefined);
  const readAliased: ReadField = (field) => {
    const byRule = Object.hasOwn(aliases, field) ? aliases[field] : undefined;
    const name = byRule && names.find((each) => Object.hasOwn(byRule, each));
    return read((name === undefined ? undefined : byRule?.[name]) ?? field);
  };
  const tokens = tokensOf(correlation, tuplesOf(condition.fields, readAliased));
  return tuplesOf(groupBy, readAliased)
    .flatMap((texts) => {
      const group = hashTexts(texts);
      const label = labelOf(groupBy, texts);
      return tokens.map((token) => ({ group, label, token }));
    })
    .slice(0, MAX_PLACES);
}

function tokensOf({ type, condition }: CorrelationRule, values: readonly (readonly string[])[]): string[] {
  if (condition.fields.length === 0) return [""];
  const texts = values.map((value) => value.map(shorten).join(", "));
  // Not what a number is not: neither NaN nor infinity can be written as JSON does, and 1e999 is no number that can be added.
  return type === "value_count" ? texts : texts.filter((text) => NUMBER.test(text) && Number.isFinite(Number(text)));
}
