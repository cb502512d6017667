/** Correlations of a rule set, joined with the rules that they refer to. */
import type { CorrelationRule } from "../correlation-rule.ts";
import type { Rule } from "../rule.ts";
import type { RuleProblem } from "../rule-problem.ts";

export interface CorrelatedRules {
  readonly rules: readonly Rule[];
  readonly correlations: readonly CorrelationRule[];
}

/** Correlations over correlations: people write two. */
const MAX_CHAIN = 5;

export interface LinkedCorrelation {
  readonly rule: CorrelationRule;
  /** Which of `rule.rules` a rule or a correlation is, by its id. */
  readonly positions: ReadonlyMap<string, number>;
  /** Their titles, by position. */
  readonly titles: readonly string[];
  /** The correlations that refer to this one. */
  readonly parents: readonly LinkedCorrelation[];
  /** Those, and all that refer to them. */
  readonly ancestors: readonly LinkedCorrelation[];
  /** It is a part of others, and makes no finding of its own. */
  readonly isSilent: boolean;
}

export interface Correlations {
  /** Each after those that it refers to. */
  readonly linked: readonly LinkedCorrelation[];
  /** Ids of the rules that are part of correlations only. */
  readonly silent: ReadonlySet<string>;
  /** Of correlations that cannot be run, and so are not in `linked`. */
  readonly problems: readonly RuleProblem[];
}

type Draft = { -readonly [Key in keyof LinkedCorrelation]: LinkedCorrelation[Key] } & {
  parents: Draft[];
  depth: number;
};

export function linkCorrelations({ rules, correlations }: CorrelatedRules): Correlations {
  const byReference = new Map<string, Rule | CorrelationRule>();
  for (const rule of [...rules, ...correlations]) {
    for (const name of [rule.id, rule.name]) {
      if (name !== undefined && !byReference.has(name)) byReference.set(name, rule);
    }
  }
  const problems: RuleProblem[] = [];
  const drafts = new Map<CorrelationRule, Draft | undefined>();
  for (const rule of correlations) link(rule, [], { byReference, drafts, problems });
  const linked = [...drafts.values()].filter((draft) => draft !== undefined);
  for (const draft of linked) {
    draft.ancestors = ancestorsOf(draft);
    draft.isSilent = draft.parents.length > 0 && !draft.parents.some(({ rule }) => rule.generate);
  }
  const parts = linked.flatMap(({ rule, positions }) => [...positions.keys()].map((id) => ({ id, rule })));
  const loud = new Set(parts.filter(({ rule }) => rule.generate).map(({ id }) => id));
  return { linked, silent: new Set(parts.map(({ id }) => id).filter((id) => !loud.has(id))), problems };
}

interface Linking {
  readonly byReference: ReadonlyMap<string, Rule | CorrelationRule>;
  /** In the order in which they are done: what one refers to comes before it. */
  readonly drafts: Map<CorrelationRule, Draft | undefined>;
  readonly problems: RuleProblem[];
}

/** @param path the correlations that led here, the outermost first */
function link(rule: CorrelationRule, path: readonly CorrelationRule[], linking: Linking): Draft | undefined {
  const { byReference, drafts, problems } = linking;
  if (drafts.has(rule)) return drafts.get(rule);
  const refuse = (reason: string): undefined => {
    problems.push({ file: rule.file, line: rule.line, reason: `correlation.rules: ${reason}` });
    drafts.set(rule, undefined);
    return undefined;
  };
  if (path.includes(rule)) return refuse(`${rule.title} refers to itself, through ${path.at(-1)?.title}`);
  if (path.length >= MAX_CHAIN) return refuse(`more than ${MAX_CHAIN} correlations refer to each other in a row`);

  const positions = new Map<string, number>();
  const titles: string[] = [];
  const children: Draft[] = [];
  for (const [position, reference] of rule.rules.entries()) {
    const target = byReference.get(reference);
    if (target === undefined) return refuse(`there is no rule whose id or name is ${reference}`);
    positions.set(target.id, position);
    titles.push(target.title);
    if (!("type" in target)) continue;
    const child = link(target, [...path, rule], linking);
    if (drafts.has(rule)) return undefined;
    if (child === undefined) return refuse(`${reference} cannot be run`);
    children.push(child);
  }
  const depth = 1 + Math.max(0, ...children.map((child) => child.depth));
  if (depth > MAX_CHAIN) return refuse(`more than ${MAX_CHAIN} correlations refer to each other in a row`);
  const draft: Draft = { rule, positions, titles, parents: [], ancestors: [], isSilent: false, depth };
  for (const child of children) child.parents.push(draft);
  drafts.set(rule, draft);
  return draft;
}

function ancestorsOf({ parents }: Draft): LinkedCorrelation[] {
  const found = new Set<Draft>(parents);
  for (const each of found) for (const parent of each.parents) found.add(parent);
  return [...found];
}
