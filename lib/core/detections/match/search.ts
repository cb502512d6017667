/** Runs those of many rules that a record can match, by the plans of the log sources that it belongs to. */
import type { Logsource } from "../rule.ts";
import type { PlanGroup } from "./plan.ts";
import { compileNode, type Walk } from "./rule-index.ts";

/** The positions of the rules that match, in order. The list is the caller's until the next search. */
export type Search = (logsource: Logsource, record: unknown) => readonly number[];

const NONE: readonly number[] = [];

/** @param rules how many there are */
export function createSearch(
  groups: readonly PlanGroup[],
  rules: number,
  matches: (position: number, record: unknown) => boolean,
): Search {
  // In which search a rule ran last: a field with several values can lead to it more than once.
  const ran = new Uint32Array(rules);
  let search = 0;
  let current: unknown;
  let matched: number[] | undefined;
  const found = (positions: readonly number[]): void => {
    for (const position of positions) {
      if (ran[position] === search) continue;
      ran[position] = search;
      if (!matches(position, current)) continue;
      if (matched === undefined) matched = [position];
      else matched.push(position);
    }
  };
  const walksOf = createRouter(groups, found);
  return (logsource, record) => {
    search = (search + 1) >>> 0;
    // Once in four thousand million searches.
    if (search === 0) ran.fill(++search);
    current = record;
    matched = undefined;
    for (const walk of walksOf(logsource)) walk(record);
    return matched === undefined ? NONE : inOrder(matched);
  };
}

function inOrder(positions: number[]): readonly number[] {
  return positions.sort((a, b) => a - b);
}

/** What has to be walked for a log source. */
function createRouter(
  groups: readonly PlanGroup[],
  found: (positions: readonly number[]) => void,
): (logsource: Logsource) => readonly Walk[] {
  const compiled = new Map<PlanGroup, Walk>();
  const routes: (Logsource & { readonly walks: readonly Walk[] })[] = [];
  return ({ product, service, category }) => {
    // There are few, and making a key for each event would cost more than the search.
    for (const route of routes) {
      if (route.product === product && route.service === service && route.category === category) return route.walks;
    }
    const source = { ...(product && { product }), ...(service && { service }), ...(category && { category }) };
    const walks = groups
      .filter((group) => isFor(group.logsource, source))
      .map((group) => {
        const walk = compiled.get(group) ?? compileNode(group.root, found);
        compiled.set(group, walk);
        return walk;
      });
    routes.push({ ...source, walks });
    return walks;
  };
}

/** A rule that leaves something of a log source open is for all of it. */
function isFor(rule: Logsource, source: Logsource): boolean {
  return (["product", "service", "category"] as const).every(
    (key) => rule[key] === undefined || rule[key] === source[key],
  );
}
