/** Regular expressions, by an engine whose time grows with the text alone: no record can hold it up. */
import { RE2JS } from "re2js";
import type { Place } from "../rule.ts";
import { parsePattern } from "./pattern.ts";
import { requiredText } from "./required-text.ts";

/** Of one expression. Repetitions multiply what is written, so what they make is bounded as well. */
const MAX_CHARACTERS = 4_096;
const MAX_STEPS = 20_000;

export interface Expression {
  readonly source: string;
  /** Some of `i`, `m` and `s`. */
  readonly flags: string;
  /** Anywhere, unless the text has to start or end with it. */
  readonly place?: Place | undefined;
}

/** Why the expression cannot be run; undefined is fine. */
export function expressionProblem(expression: Expression): string | undefined {
  if (expression.source.length > MAX_CHARACTERS) return `is longer than ${MAX_CHARACTERS} characters`;
  try {
    // By itself first: within a group, `a)(b` would be well-formed.
    parse({ ...expression, place: undefined });
    const steps = parse(expression).programSize();
    return steps > MAX_STEPS ? `becomes ${steps} steps, over ${MAX_STEPS}: repeat less` : undefined;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return `${reason}; look-around, back-references and possessive quantifiers are not supported (RE2: https://github.com/google/re2/wiki/Syntax)`;
  }
}

/** Whether a text has the expression in it. It is built when the first text asks: most expressions wait behind other tests. */
export function compileExpression(expression: Expression): (text: string) => boolean {
  let built: RE2JS | undefined;
  const required = expression.flags.includes("i") ? undefined : requiredText(expression.source);
  return (text) => {
    if (required !== undefined && !text.includes(required)) return false;
    built ??= parse(expression);
    return built.test(text);
  };
}

/** What matches one of a placeholder's values, wildcards included, as part of an expression. */
export function expressionOf(value: string): string {
  return parsePattern(value)
    .map((part) => (typeof part === "string" ? RE2JS.quote(part) : part.description === "*" ? ".*" : "."))
    .join("");
}

function parse({ source, flags, place }: Expression): RE2JS {
  const written = place === "startswith" ? `\\A(?:${source})` : place === "endswith" ? `(?:${source})\\z` : source;
  const bits = [...flags].reduce((sum, flag) => sum | (FLAGS[flag] ?? 0), 0);
  return RE2JS.compile(written, bits);
}

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};
