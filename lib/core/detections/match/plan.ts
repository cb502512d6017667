/** Which fields of a record to look at first, so that most rules never run: worked out when the stack is synthesised. */
import type { Logsource, Rule } from "../rule.ts";
import { type Anchors, anchorsOf } from "./anchors.ts";

/** Plain JSON. The numbers are the positions of rules in their list. */
export interface IndexPlan {
  /** How many rules the list had: a plan for another list is none. */
  readonly rules: number;
  readonly groups: readonly PlanGroup[];
}

/** The rules of one log source. */
export interface PlanGroup {
  readonly logsource: Logsource;
  readonly root: PlanNode;
}

export interface PlanNode {
  /** Rules that have to run whenever the node is reached, in order. */
  readonly always: readonly number[];
  readonly levels: readonly PlanLevel[];
}

/** A field, and what its texts lead to. */
export interface PlanLevel {
  readonly field: string;
  /** What any text leads to. */
  readonly present?: PlanNode;
  /** What a text leads to that fits the clue: see `clue.ts`. */
  readonly buckets: readonly { readonly clue: string; readonly node: PlanNode }[];
}

interface Anchored {
  readonly position: number;
  readonly anchors: Anchors;
}

/** What looking at a field costs, in rules that could run instead. */
const LOOK_COST = 0.3;
/** How many texts that no rule names a field is taken to have. */
const OTHER_TEXTS = 1;
/** A field that so many rules need is looked at for being there at all. */
const NEEDED_BY = 3;
/** Rules that share a text are told apart by a second field where there are more of them than this, and by a third. */
const CROWD = 4;
const MAX_DEPTH = 3;

export function planIndex(rules: readonly Rule[]): IndexPlan {
  const groups = Map.groupBy(rules.entries(), ([, { logsource }]) => logsourceKey(logsource));
  return {
    rules: rules.length,
    groups: [...groups.values()].map((members) => ({
      logsource: members[0]?.[1].logsource ?? {},
      root: planNode(
        members.flatMap(([position, rule]) => entriesOf(position, rule)),
        1,
      ),
    })),
  };
}

/** One for each way in which the rule can match; one of them that can be found by no field makes the others useless. */
function entriesOf(position: number, rule: Rule): readonly Anchored[] {
  const ways = anchorsOf(rule);
  const entries = ways.map((anchors) => ({ position, anchors }));
  return ways.every(({ size }) => size > 0) ? entries : [{ position, anchors: new Map() }];
}

/** The same for the same log source, and for no other. */
function logsourceKey({ product = "", service = "", category = "" }: Logsource): string {
  return `${product}/${service}/${category}`;
}

function planNode(entries: readonly Anchored[], depth: number): PlanNode {
  const levels: PlanLevel[] = [];
  let left = entries;
  for (let field = tellingField(left); field !== undefined; field = tellingField(left)) {
    const chosen = field;
    levels.push(planTexts(chosen, left, depth));
    left = left.filter(({ anchors }) => anchors.get(chosen) === undefined);
  }
  for (let field = neededField(left); field !== undefined; field = neededField(left)) {
    const chosen = field;
    const having = left.filter(({ anchors }) => anchors.has(chosen));
    levels.push({ field: chosen, present: leafOf(having), buckets: [] });
    left = left.filter(({ anchors }) => !anchors.has(chosen));
  }
  return { ...leafOf(left), levels };
}

function leafOf(entries: readonly Anchored[]): PlanNode {
  return { always: [...new Set(entries.map(({ position }) => position))], levels: [] };
}

function planTexts(field: string, entries: readonly Anchored[], depth: number): PlanLevel {
  const byClue = new Map<string, Anchored[]>();
  for (const entry of entries) {
    for (const clue of entry.anchors.get(field) ?? []) {
      const known = byClue.get(clue);
      if (known === undefined) byClue.set(clue, [entry]);
      else known.push(entry);
    }
  }
  const buckets = [...byClue].map(([clue, members]) => {
    if (members.length <= CROWD || depth >= MAX_DEPTH) return { clue, node: leafOf(members) };
    const others = members.map(({ position, anchors }) => ({ position, anchors: without(anchors, field) }));
    return { clue, node: planNode(others, depth + 1) };
  });
  return { field, buckets };
}

function without(anchors: Anchors, field: string): Anchors {
  return new Map([...anchors].filter(([name]) => name !== field));
}

/** The field whose texts spare the most rules, if any does: those that have it, less those that still run for a text of it. */
function tellingField(entries: readonly Anchored[]): string | undefined {
  const fields = new Map<string, { entries: number; places: number; readonly texts: Set<string> }>();
  for (const [field, texts] of entries.flatMap(({ anchors }) => [...anchors])) {
    if (texts === undefined) continue;
    const known = fields.get(field) ?? { entries: 0, places: 0, texts: new Set<string>() };
    known.entries++;
    known.places += texts.size;
    for (const text of texts) known.texts.add(text);
    fields.set(field, known);
  }
  const spared = [...fields].map(([field, { entries: having, places, texts }]): readonly [string, number] => [
    field,
    having - places / (texts.size + OTHER_TEXTS) - LOOK_COST,
  ]);
  return most(spared, 0);
}

/** The field that most rules cannot do without. */
function neededField(entries: readonly Anchored[]): string | undefined {
  const counts = new Map<string, number>();
  for (const field of entries.flatMap(({ anchors }) => [...anchors.keys()])) {
    counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return most([...counts], NEEDED_BY - 1);
}

/** The first of the highest, if any is over the bound. */
function most(counted: readonly (readonly [string, number])[], over: number): string | undefined {
  return counted.reduce<readonly [string | undefined, number]>(
    (best, next) => (next[1] > best[1] ? next : best),
    [undefined, over],
  )[0];
}
