/** Policies taken apart into single grants, what differs between two of them, and grants put together again as a person reads them. */
import type { Statement } from "./policy-document.ts";

/** Beyond this, statements are compared as they are. */
export const MAX_GRANTS = 5_000;

/** One principal, one action, one resource: each by its number, since thousands of grants may share a text of megabytes. */
export interface Grant {
  readonly effect: number;
  readonly principal: number;
  readonly action: number;
  readonly resource: number;
  readonly condition: number;
}

interface Words {
  numberOf(text: string): number;
  textOf(number: number): string;
}

/** The texts of all grants that are compared with each other. */
export interface Vocabulary {
  /** The same in any case. */
  readonly actions: Words;
  readonly others: Words;
}

export interface GrantDifference {
  readonly added: readonly Grant[];
  readonly removed: readonly Grant[];
  /** Granted before and after, under another condition. */
  readonly changed: readonly (Grant & { readonly was: number })[];
}

export function createVocabulary(): Vocabulary {
  return { actions: createWords((text) => text.toLowerCase()), others: createWords((text) => text) };
}

export function countGrants(statements: readonly Statement[]): number {
  return statements.reduce(
    (sum, { principals, actions, resources }) => sum + principals.length * actions.length * resources.length,
    0,
  );
}

/** Each once, by a key that is equal where the grant is. */
export function takeApart(
  statements: readonly Statement[],
  { actions, others }: Vocabulary,
): ReadonlyMap<string, Grant> {
  const grants = new Map<string, Grant>();
  for (const statement of statements) {
    const [effect, condition] = [others.numberOf(statement.effect), others.numberOf(statement.condition)];
    const actionNumbers = statement.actions.map(actions.numberOf);
    const resourceNumbers = statement.resources.map(others.numberOf);
    for (const principal of statement.principals.map(others.numberOf)) {
      for (const action of actionNumbers) {
        for (const resource of resourceNumbers) {
          const grant = { effect, principal, action, resource, condition };
          grants.set(`${subjectOf(grant)}/${condition}`, grant);
        }
      }
    }
  }
  return grants;
}

export function compareGrants(before: ReadonlyMap<string, Grant>, after: ReadonlyMap<string, Grant>): GrantDifference {
  const removed = bySubject([...before].filter(([key]) => !after.has(key)).map(([, grant]) => grant));
  const added = bySubject([...after].filter(([key]) => !before.has(key)).map(([, grant]) => grant));
  const changed: (Grant & { was: number })[] = [];
  for (const [subject, [grant, ...others]] of added) {
    const [was, ...more] = removed.get(subject) ?? [];
    if (grant === undefined || was === undefined || others.length + more.length > 0) continue;
    changed.push({ ...grant, was: was.condition });
    added.delete(subject);
    removed.delete(subject);
  }
  return { added: [...added.values()].flat(), removed: [...removed.values()].flat(), changed };
}

/**
 * Grants that differ in one part only become one statement: first by action, then by resource, then by principal.
 *
 * @param tagOf grants of different tags never do
 */
export function gather(
  grants: readonly Grant[],
  { actions, others }: Vocabulary,
  tagOf: (grant: Grant) => number,
): readonly Statement[] {
  const single = grants.map((grant) => ({
    tag: `${tagOf(grant)}/${grant.effect}/${grant.condition}`,
    grant,
    principals: [grant.principal],
    actions: [grant.action],
    resources: [grant.resource],
  }));
  return merge(merge(merge(single, "actions"), "resources"), "principals").map((gathered) => ({
    effect: others.textOf(gathered.grant.effect),
    principals: gathered.principals.map(others.textOf),
    actions: gathered.actions.map(actions.textOf),
    resources: gathered.resources.map(others.textOf),
    condition: others.textOf(gathered.grant.condition),
  }));
}

const PARTS = ["principals", "actions", "resources"] as const;
type Part = (typeof PARTS)[number];
type Gathered = { readonly tag: string; readonly grant: Grant } & { readonly [part in Part]: readonly number[] };

function merge(statements: readonly Gathered[], part: Part): readonly Gathered[] {
  const merged = new Map<string, { readonly first: Gathered; readonly numbers: number[] }>();
  for (const statement of statements) {
    const others = PARTS.filter((each) => each !== part).map((each) => statement[each].join(","));
    const key = [statement.tag, ...others].join(";");
    const same = merged.get(key);
    if (same === undefined) merged.set(key, { first: statement, numbers: [...statement[part]] });
    else same.numbers.push(...statement[part]);
  }
  return [...merged.values()].map(({ first, numbers }) => ({ ...first, [part]: numbers }));
}

function bySubject(grants: readonly Grant[]): Map<string, Grant[]> {
  const subjects = new Map<string, Grant[]>();
  for (const grant of grants) {
    const subject = subjectOf(grant);
    const same = subjects.get(subject);
    if (same === undefined) subjects.set(subject, [grant]);
    else same.push(grant);
  }
  return subjects;
}

/** Everything but the condition. */
function subjectOf({ effect, principal, action, resource }: Grant): string {
  return `${effect}/${principal}/${action}/${resource}`;
}

function createWords(fold: (text: string) => string): Words {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    numberOf(text) {
      const folded = fold(text);
      const known = numbers.get(folded);
      if (known !== undefined) return known;
      numbers.set(folded, texts.length);
      return texts.push(text) - 1;
    },
    textOf: (number) => texts[number] ?? "",
  };
}
