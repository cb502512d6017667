/** Finds the few rules that can match a record by the texts of a few of its fields, so that most rules never run. */
import { type Anchors, anchorsOf } from "./anchors.ts";
import type { CompiledRule } from "./compile-rule.ts";
import { someText, someValue } from "./field-values.ts";
import { fold } from "./pattern.ts";

/** The rules that match the record, in the order in which the index was given them. */
export type RuleIndex = (record: unknown) => readonly CompiledRule[];

/** One field, and by its text the positions of the rules that need it. */
interface Level {
  readonly path: readonly string[];
  readonly positions: ReadonlyMap<string, readonly number[]>;
}

interface Anchored {
  readonly position: number;
  readonly anchors: Anchors;
}

export function indexRules(rules: readonly CompiledRule[]): RuleIndex {
  const { levels, always } = planLevels(rules.map(({ rule }, position) => ({ position, anchors: anchorsOf(rule) })));
  // Of the record that is looked at: most of a search is over before closures and lists of its own would be made.
  let first = always;
  let others: Set<readonly number[]> | undefined;
  const looks = levels.map(({ path, positions }) => {
    const add = (text: string): boolean => {
      const more = positions.get(fold(text));
      if (more === undefined || more === first) return false;
      if (first.length === 0) first = more;
      else others = (others ?? new Set()).add(more);
      return false;
    };
    const look = (value: unknown): boolean => someText(value, add);
    return (record: unknown): boolean => someValue(record, path, look);
  });
  return (record) => {
    first = always;
    others = undefined;
    for (const look of looks) look(record);
    const positions = others === undefined ? first : inOrder([first, ...others]);
    return positions.length === 0 ? NONE : matching(rules, positions, record);
  };
}

const NONE: readonly CompiledRule[] = [];

/** A field with several values can name a rule more than once. */
function inOrder(positions: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(positions.flat())].sort((a, b) => a - b);
}

function matching(rules: readonly CompiledRule[], positions: readonly number[], record: unknown): CompiledRule[] {
  const found: CompiledRule[] = [];
  for (const position of positions) {
    const rule = rules[position];
    if (rule?.matches(record)) found.push(rule);
  }
  return found;
}

/** A rule belongs to the field that most of the rules left have; those without any run always. */
function planLevels(rules: readonly Anchored[]): {
  readonly levels: readonly Level[];
  readonly always: readonly number[];
} {
  const levels: Level[] = [];
  let left = rules;
  for (let field = commonest(left); field !== undefined; field = commonest(left)) {
    const positions = new Map<string, number[]>();
    for (const { position, anchors } of left) {
      for (const text of anchors.get(field) ?? []) positions.set(text, [...(positions.get(text) ?? []), position]);
    }
    levels.push({ path: field.split("."), positions });
    const done = field;
    left = left.filter(({ anchors }) => !anchors.has(done));
  }
  return { levels, always: left.map(({ position }) => position) };
}

/** Of fields equally common, the one with more different texts tells rules apart better. */
function commonest(rules: readonly Anchored[]): string | undefined {
  const texts = new Map<string, { rules: number; texts: Set<string> }>();
  for (const [field, values] of rules.flatMap(({ anchors }) => [...anchors])) {
    const known = texts.get(field) ?? { rules: 0, texts: new Set() };
    texts.set(field, { rules: known.rules + 1, texts: new Set([...known.texts, ...values]) });
  }
  const ranked = [...texts].sort(([, a], [, b]) => b.rules - a.rules || b.texts.size - a.texts.size);
  return ranked[0]?.[0];
}
