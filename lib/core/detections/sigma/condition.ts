/** The condition of a rule: `selection and not 1 of filter_*`, as a tree. */
import { compilePattern, parsePattern } from "../match/pattern.ts";
import type { Condition } from "../rule.ts";

/** People nest three deep; what goes beyond this is meant to exhaust the stack. */
const MAX_DEPTH = 50;
const MAX_CHARACTERS = 10_000;
const MAX_CONDITIONS = 100_000;

export interface ParseContext {
  /** The rule's selections. */
  readonly names: readonly string[];
  /** The error to throw for a message about the condition. */
  readonly invalid: (message: string) => Error;
}

interface Cursor extends ParseContext {
  readonly tokens: readonly string[];
  position: number;
  depth: number;
  conditions: number;
}

/** Or binds least, then and, then not, then `1 of …`; keywords in either case. @throws what `invalid` makes */
export function parseCondition(text: string, context: ParseContext): Condition {
  if (text.length > MAX_CHARACTERS) throw context.invalid(`is longer than ${MAX_CHARACTERS} characters`);
  const tokens: readonly string[] = text.match(/[()|]|[^\s()|]+/g) ?? [];
  if (tokens.length === 0) throw context.invalid("must not be empty");
  if (tokens.includes("|")) {
    throw context.invalid(
      "aggregations and near (after a |) are no longer part of Sigma: write a correlation (correlation: { type: … })",
    );
  }
  const cursor: Cursor = { ...context, tokens, position: 0, depth: 0, conditions: 0 };
  const condition = parseOr(cursor);
  const rest = cursor.tokens[cursor.position];
  if (rest !== undefined) throw context.invalid(`${quote(rest)} where "and", "or" or the end should be`);
  return condition;
}

function parseOr(cursor: Cursor): Condition {
  return parseChain(cursor, "or", "any", parseAnd);
}

function parseAnd(cursor: Cursor): Condition {
  return parseChain(cursor, "and", "all", parseNot);
}

function parseChain(
  cursor: Cursor,
  keyword: string,
  type: "any" | "all",
  parseNext: (cursor: Cursor) => Condition,
): Condition {
  const first = parseNext(cursor);
  const conditions = [first];
  while (peek(cursor) === keyword) {
    cursor.position++;
    conditions.push(parseNext(cursor));
  }
  return conditions.length === 1 ? first : { type, conditions };
}

function parseNot(cursor: Cursor): Condition {
  if (peek(cursor) !== "not") return parseOperand(cursor);
  cursor.position++;
  return { type: "not", condition: nested(cursor, parseNot) };
}

function parseOperand(cursor: Cursor): Condition {
  if (peek(cursor, 1) === "of") return parseQuantifier(cursor);
  const token = cursor.tokens[cursor.position++];
  if (token === "(") {
    const condition = nested(cursor, parseOr);
    if (cursor.tokens[cursor.position++] !== ")") throw cursor.invalid("a parenthesis is not closed");
    return condition;
  }
  if (token === undefined) throw cursor.invalid("ends where a selection should be");
  if (!cursor.names.includes(token)) throw cursor.invalid(`${quote(token)} where a selection of the rule should be`);
  return { type: "selection", name: token };
}

function parseQuantifier(cursor: Cursor): Condition {
  const quantifier = peek(cursor);
  if (quantifier !== "1" && quantifier !== "any" && quantifier !== "all") {
    throw cursor.invalid(`${quote(quantifier ?? "")} of: only 1, any and all are supported`);
  }
  const target = cursor.tokens[cursor.position + 2];
  if (target === undefined) throw cursor.invalid(`"${quantifier} of" must be followed by a selection's name or them`);
  cursor.position += 3;
  const names = namesOf(target, cursor.names);
  if (names.length === 0) throw cursor.invalid(`no selection is named ${quote(target)}`);
  cursor.conditions += names.length;
  if (cursor.conditions > MAX_CONDITIONS) throw cursor.invalid("stands for too many selections");
  return {
    type: quantifier === "all" ? "all" : "any",
    conditions: names.map((name) => ({ type: "selection", name })),
  };
}

/** A leading underscore keeps a selection out of `them` and of patterns that do not have one themselves. */
function namesOf(target: string, names: readonly string[]): readonly string[] {
  const isThem = target.toLowerCase() === "them";
  const matches = compilePattern(parsePattern(isThem ? "*" : target), { cased: true });
  return names.filter((name) => matches(name) && (target.startsWith("_") || !name.startsWith("_")));
}

function nested(cursor: Cursor, parse: (cursor: Cursor) => Condition): Condition {
  cursor.depth++;
  if (cursor.depth > MAX_DEPTH) throw cursor.invalid(`nests deeper than ${MAX_DEPTH} parentheses and nots`);
  const condition = parse(cursor);
  cursor.depth--;
  return condition;
}

function peek(cursor: Cursor, ahead = 0): string | undefined {
  return cursor.tokens[cursor.position + ahead]?.toLowerCase();
}

function quote(token: string): string {
  return JSON.stringify(token.slice(0, 80));
}
