/** What a policy allows that it did not, and what no longer, in sentences. */
import { cut, listed } from "./lines.ts";
import { coveredBy } from "./policy-coverage.ts";
import { EVERYBODY, languageOf, type Statement, statementsOf, UNREAD } from "./policy-document.ts";
import {
  compareGrants,
  countGrants,
  createVocabulary,
  type Grant,
  gather,
  MAX_GRANTS,
  takeApart,
  type Vocabulary,
} from "./policy-grants.ts";

const MAX_CONDITION_CHARS = 100;

interface Sentence {
  /** The most important is 0. */
  readonly rank: number;
  readonly text: string;
}

/** How a statement stands to the two documents. */
type Turn = "added" | "removed" | "says" | "already" | "still";

/** @param account the policy's own: whoever is of another comes first */
export function policyDifference(before: unknown, after: unknown, account?: string): readonly string[] {
  const [was, is] = [statementsOf(before), statementsOf(after)];
  const isLarge = Math.max(countGrants(was), countGrants(is)) > MAX_GRANTS;
  const sentences = isLarge ? ofStatements(was, is, account) : ofGrants(was, is, account);
  const [from, to] = [languageOf(before), languageOf(after)];
  const language = from !== undefined && to !== undefined && from !== to ? [`language version: ${from} → ${to}`] : [];
  return [...inOrder(sentences), ...language];
}

/** What the policy says, where nothing is known of what it said before. */
export function policyState(after: unknown, account?: string): readonly string[] {
  const statements = statementsOf(after);
  const isLarge = countGrants(statements) > MAX_GRANTS;
  const words = createVocabulary();
  const gathered = isLarge ? statements : gatherFor([...takeApart(statements, words).values()], words, account);
  return inOrder(gathered.map((each) => sentenceOf("says", each, account)));
}

function ofGrants(was: readonly Statement[], is: readonly Statement[], account?: string): readonly Sentence[] {
  const words = createVocabulary();
  const [before, after] = [takeApart(was, words), takeApart(is, words)];
  const { added, removed, changed } = compareGrants(before, after);
  const old = coveredBy(before.values(), added, words);
  const kept = coveredBy(after.values(), removed, words);
  const turns: readonly (readonly [Turn, readonly Grant[]])[] = [
    ["added", added.filter((grant) => !old.has(grant))],
    ["already", [...old]],
    ["removed", removed.filter((grant) => !kept.has(grant))],
    ["still", [...kept]],
  ];
  return [
    ...turns.flatMap(([turn, grants]) =>
      gatherFor(grants, words, account).map((each) => sentenceOf(turn, each, account)),
    ),
    ...ofConditions(changed, words, account),
  ];
}

function ofConditions(
  changed: readonly (Grant & { readonly was: number })[],
  words: Vocabulary,
  account?: string,
): readonly Sentence[] {
  const earlier = Map.groupBy(changed, ({ was }) => was);
  return [...earlier].flatMap(([was, grants]) =>
    gatherFor(grants, words, account).map((each) => conditionSentence(each, words.others.textOf(was), account)),
  );
}

/** Whoever is everybody, or of another account, stands in a sentence of their own. */
function gatherFor(grants: readonly Grant[], words: Vocabulary, account?: string): readonly Statement[] {
  return gather(grants, words, ({ principal }) => audienceOf([words.others.textOf(principal)], account));
}

/** Too many to take apart: a statement is then what it is, or another one. */
function ofStatements(was: readonly Statement[], is: readonly Statement[], account?: string): readonly Sentence[] {
  const before = new Map(was.map((statement) => [keyOf(statement), statement]));
  const after = new Map(is.map((statement) => [keyOf(statement), statement]));
  const sentences = (turn: "added" | "removed", from: typeof before, other: typeof before) =>
    [...from]
      .filter(([key]) => !other.has(key))
      .map(([, statement]) => {
        const { rank } = sentenceOf(turn, statement, account);
        return { rank, text: `statement ${turn}: ${sentenceOf("says", statement, account).text}` };
      });
  return [...sentences("added", after, before), ...sentences("removed", before, after)];
}

function keyOf({ effect, principals, actions, resources, condition }: Statement): string {
  return JSON.stringify([effect, principals, actions.map((each) => each.toLowerCase()).sort(), resources, condition]);
}

function inOrder(sentences: readonly Sentence[]): readonly string[] {
  return sentences.toSorted((a, b) => a.rank - b.rank).map(({ text }) => text);
}

const RANK = { everybody: 0, otherAccount: 1, own: 2 };
/** Added to the rank of what takes access away. */
const NARROWING = 5;
const NO_CHANGE = 10;

function sentenceOf(turn: Turn, statement: Statement, account?: string): Sentence {
  const isDenial = statement.effect !== "Allow";
  const widens = isDenial ? turn === "removed" : turn === "added" || turn === "says";
  const audience = audienceOf(statement.principals, account);
  const rank = turn === "already" || turn === "still" ? NO_CHANGE : widens ? audience : audience + NARROWING;
  return { rank, text: `${verbOf(turn, statement.effect)} ${grantText(statement)}${conditionText(statement)}` };
}

function verbOf(turn: Turn, effect: string): string {
  const { now, past } = VERBS.get(effect) ?? { now: effect, past: effect };
  const verbs = {
    added: `now ${now}`,
    removed: `no longer ${now}`,
    says: now,
    already: `a wider statement already ${past}`,
    still: `a wider statement still ${now}`,
  };
  return verbs[turn];
}

const VERBS = new Map([
  ["Allow", { now: "allows", past: "allowed" }],
  ["Deny", { now: "denies", past: "denied" }],
  [UNREAD, { now: "says", past: "said" }],
]);

function conditionSentence(statement: Statement, was: string, account?: string): Sentence {
  const { condition, effect } = statement;
  const verb = effect === "Allow" ? "allowing" : effect === "Deny" ? "denying" : effect;
  const turn = condition === "" ? "dropped" : was === "" ? "added" : "changed";
  const what = [was, condition].filter((each) => each !== "").map((each) => cut(each, MAX_CONDITION_CHARS));
  const widens = effect === "Allow" ? turn !== "added" : turn !== "dropped";
  const audience = audienceOf(statement.principals, account);
  return {
    rank: widens ? audience : audience + NARROWING,
    text: `condition on ${verb} ${grantText(statement)} ${turn}: ${what.join(" → ")}`,
  };
}

function grantText({ principals, actions, resources }: Statement): string {
  const who = principals.some((each) => each !== "") ? `${listed(principals)} to do ` : "";
  const what = listed(actions.map((each) => (each === "*" ? "anything" : each)));
  const where = resources.some((each) => each !== "") ? ` on ${listed(resources.map(placeName))}` : "";
  return `${who}${what}${where}`;
}

function placeName(resource: string): string {
  return resource === "*" ? "everything" : resource;
}

function conditionText({ condition }: Statement): string {
  return condition === "" ? "" : ` when ${cut(condition, MAX_CONDITION_CHARS)}`;
}

function audienceOf(principals: readonly string[], account: string | undefined): number {
  if (principals.some((each) => each.startsWith(EVERYBODY))) return RANK.everybody;
  const isForeign = (principal: string) => {
    const owner = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(principal)?.[1];
    return owner !== undefined && account !== undefined && owner !== account;
  };
  return principals.some(isForeign) ? RANK.otherAccount : RANK.own;
}
