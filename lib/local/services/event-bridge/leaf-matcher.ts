/** One matcher of an event pattern (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html). */
import { BlockList, isIP } from "node:net";
import { matchesWildcard, type WildcardToken } from "../../authorisation/wildcard.ts";
import { AwsError } from "../../aws-service.ts";

/** A value in an event that is neither object nor array. */
export type Leaf = string | number | boolean | null;

/** `absent` is special: it is about a field that is not there, and everything else about one that is. */
export type LeafMatcher = "absent" | ((leaf: Leaf) => boolean);

export function invalidPattern(reason: string): AwsError {
  return new AwsError("InvalidEventPatternException", 400, `Event pattern is not valid. Reason: ${reason}`);
}

export function isLeaf(value: unknown): value is Leaf {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

const MATCHERS: ReadonlyMap<string, (argument: unknown) => LeafMatcher> = new Map<
  string,
  (argument: unknown) => LeafMatcher
>([
  ["prefix", (argument) => affix("prefix", argument)],
  ["suffix", (argument) => affix("suffix", argument)],
  ["equals-ignore-case", equalsIgnoreCase],
  ["wildcard", wildcard],
  ["anything-but", anythingBut],
  ["numeric", numeric],
  ["cidr", cidr],
  ["exists", exists],
]);

/** Names that make a member of `$or` a matcher and not a field. */
export const MATCHER_NAMES: ReadonlySet<string> = new Set(MATCHERS.keys());

/** @throws AwsError `InvalidEventPatternException`. */
export function compileLeafMatcher(source: unknown): LeafMatcher {
  if (isLeaf(source)) return (leaf) => leaf === source;
  const [name, argument] = onlyMember(source, "A match value is a string, number, true, false, null or one matcher");
  const compile = MATCHERS.get(name);
  if (compile === undefined) throw invalidPattern(`Unrecognized match type ${name}`);
  return compile(argument);
}

function onlyMember(source: unknown, otherwise: string): [string, unknown] {
  const members = typeof source === "object" && source !== null && !Array.isArray(source) ? Object.entries(source) : [];
  const [member] = members;
  if (member === undefined || members.length !== 1) throw invalidPattern(otherwise);
  return member;
}

type TextTest = (text: string) => boolean;

function ofText(test: TextTest): (leaf: Leaf) => boolean {
  return (leaf) => typeof leaf === "string" && test(leaf);
}

function text(argument: unknown, matcher: string): string {
  if (typeof argument === "string") return argument;
  throw invalidPattern(`${matcher} match pattern must be a string`);
}

function affix(kind: "prefix" | "suffix", argument: unknown): LeafMatcher {
  if (typeof argument === "string") return ofText(affixTest(kind, argument));
  const [name, folded] = onlyMember(argument, `${kind} match pattern must be a string or equals-ignore-case`);
  if (name !== "equals-ignore-case") throw invalidPattern(`${kind} does not take ${name}`);
  const test = affixTest(kind, text(folded, kind).toLowerCase());
  return ofText((value) => test(value.toLowerCase()));
}

function affixTest(kind: "prefix" | "suffix", part: string): TextTest {
  return kind === "prefix" ? (value) => value.startsWith(part) : (value) => value.endsWith(part);
}

function equalsIgnoreCase(argument: unknown): LeafMatcher {
  const expected = text(argument, "equals-ignore-case").toLowerCase();
  return ofText((value) => value.toLowerCase() === expected);
}

function wildcard(argument: unknown): LeafMatcher {
  const tokens = wildcardTokens(text(argument, "wildcard"));
  return ofText((value) => matchesWildcard(tokens, value));
}

/** Unlike in IAM, `?` is a literal here, and a backslash escapes `*` and itself. */
function wildcardTokens(pattern: string): readonly WildcardToken[] {
  if (/\\(?![*\\])/.test(pattern.replace(/\\\\/g, ""))) throw invalidPattern("Invalid escape character in wildcard");
  const tokens = (pattern.match(/\\[\s\S]|[\s\S]/gu) ?? []).map(
    (piece): WildcardToken =>
      piece === "*" ? "any-run" : { literal: piece.length > 1 && piece.startsWith("\\") ? piece.slice(1) : piece },
  );
  if (tokens.some((token, index) => token === "any-run" && tokens[index + 1] === "any-run")) {
    throw invalidPattern("Consecutive wildcard characters");
  }
  return tokens;
}

/** Takes a value or a list of values of one type, or a matcher whose own argument may be a list. */
function anythingBut(argument: unknown): LeafMatcher {
  if (typeof argument === "object" && argument !== null && !Array.isArray(argument)) {
    const [name, values] = onlyMember(argument, "anything-but takes one matcher");
    if (!["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(name)) {
      throw invalidPattern(`anything-but does not take ${name}`);
    }
    return noneOf(list(values).map((value) => compileLeafMatcher({ [name]: text(value, name) })));
  }
  const values = list(argument);
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.size !== 1 || !(kinds.has("string") || kinds.has("number"))) {
    throw invalidPattern("anything-but takes strings or numbers, and not both");
  }
  return noneOf(values.map(compileLeafMatcher));
}

function list(argument: unknown): readonly unknown[] {
  const values = Array.isArray(argument) ? argument : [argument];
  if (values.length === 0) throw invalidPattern("Empty lists are not allowed");
  return values;
}

function noneOf(matchers: readonly LeafMatcher[]): LeafMatcher {
  return (leaf) => !matchers.some((matcher) => matcher !== "absent" && matcher(leaf));
}

const NUMERIC_LIMIT = 5e9;
const COMPARISONS: ReadonlyMap<unknown, (actual: number, bound: number) => boolean> = new Map([
  ["=", (actual: number, bound: number) => actual === bound],
  ["<", (actual: number, bound: number) => actual < bound],
  ["<=", (actual: number, bound: number) => actual <= bound],
  [">", (actual: number, bound: number) => actual > bound],
  [">=", (actual: number, bound: number) => actual >= bound],
]);

/** One comparison, or a range with its lower bound first. */
function numeric(argument: unknown): LeafMatcher {
  const parts: readonly unknown[] = Array.isArray(argument) ? argument : [];
  const [operator, bound, upperOperator, upperBound] = parts;
  const tests = [numericTest(operator, bound)];
  if (parts.length > 2) {
    const isRange = [">", ">="].includes(String(operator)) && ["<", "<="].includes(String(upperOperator));
    if (!isRange || Number(bound) >= Number(upperBound)) throw invalidPattern("Bad numeric range");
    tests.push(numericTest(upperOperator, upperBound));
  }
  if (parts.length !== 2 * tests.length) throw invalidPattern("Too many elements in numeric expression");
  return (leaf) => typeof leaf === "number" && tests.every((test) => test(leaf));
}

function numericTest(operator: unknown, bound: unknown): (actual: number) => boolean {
  const comparison = COMPARISONS.get(operator);
  if (comparison === undefined) throw invalidPattern(`Unrecognized numeric range operator: ${String(operator)}`);
  if (typeof bound !== "number" || Math.abs(bound) > NUMERIC_LIMIT) {
    throw invalidPattern(`Value of ${String(operator)} must be numeric, from -5e9 to 5e9`);
  }
  return (actual) => comparison(actual, bound);
}

function cidr(argument: unknown): LeafMatcher {
  const [address = "", bits = ""] = text(argument, "cidr").split("/");
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) {
    throw invalidPattern(`Malformed CIDR ${String(argument)}`);
  }
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return ofText((value) => isIP(value) === family && block.check(value, family === 4 ? "ipv4" : "ipv6"));
}

function exists(argument: unknown): LeafMatcher {
  if (typeof argument !== "boolean") throw invalidPattern("exists takes true or false");
  return argument ? () => true : "absent";
}
