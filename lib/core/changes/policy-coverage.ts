/** Whether a wider statement of a policy says what a narrower one says: what it allows is then neither new nor gone. */
import { matcherOf } from "../configuration/wildcard.ts";
import { ALL_BUT, EVERYBODY } from "./policy-document.ts";
import type { Grant, Vocabulary } from "./policy-grants.ts";

/** Of one grant with one wider one: a hostile policy must cost no more than a large one. */
const MAX_COMPARISONS = 500_000;
/** Steps that matching takes at worst: the characters of all patterns, times those of all texts. */
const MAX_STEPS = 100_000_000;

const WILDCARD = /[*?]/;

/** Which of some grants are covered; none, where it would take too long to tell. */
export function coveredBy(
  statements: Iterable<Grant>,
  asked: readonly Grant[],
  { actions, others }: Vocabulary,
): ReadonlySet<Grant> {
  const wide = [...statements];
  const actionText = (action: number) => actions.textOf(action).toLowerCase();
  const texts = (grants: readonly Grant[]) => [
    ...[...new Set(grants.map(({ action }) => action))].map(actionText),
    ...[...new Set(grants.map(({ resource }) => resource))].map(others.textOf),
  ];
  const patterns = texts(wide).filter((text) => WILDCARD.test(text));
  const isAffordable =
    wide.length * asked.length <= MAX_COMPARISONS && charsOf(patterns) * charsOf(texts(asked)) <= MAX_STEPS;
  if (!isAffordable) return new Set();
  const [everybody, always] = [others.numberOf(EVERYBODY), others.numberOf("")];
  const coversAction = matchingBy(actionText);
  const coversResource = matchingBy(others.textOf);
  const covers = (wider: Grant, grant: Grant) =>
    wider.effect === grant.effect &&
    (wider.condition === grant.condition || wider.condition === always) &&
    (wider.principal === grant.principal || (wider.principal === everybody && grant.principal !== always)) &&
    coversAction(wider.action, grant.action) &&
    coversResource(wider.resource, grant.resource);
  return new Set(asked.filter((grant) => wide.some((wider) => covers(wider, grant))));
}

/** By the numbers of pattern and text: each pair is matched once. What is told by exception is like itself alone. */
function matchingBy(textOf: (number: number) => string): (pattern: number, text: number) => boolean {
  const known = new Map<string, boolean>();
  return (pattern, text) => {
    if (pattern === text) return true;
    const pair = `${pattern}/${text}`;
    const isMatch = known.get(pair) ?? matches(textOf(pattern), textOf(text));
    known.set(pair, isMatch);
    return isMatch;
  };
}

function matches(pattern: string, text: string): boolean {
  if (!WILDCARD.test(pattern) || pattern.startsWith(ALL_BUT) || text.startsWith(ALL_BUT)) return false;
  return matcherOf([pattern])(text);
}

function charsOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}
