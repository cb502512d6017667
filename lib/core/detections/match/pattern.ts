/** Sigma's wildcards: `*` is any run of characters, `?` any one, and a backslash takes either literally. */

const ANY_RUN: unique symbol = Symbol("*");
const ANY_ONE: unique symbol = Symbol("?");
type Part = string | typeof ANY_RUN | typeof ANY_ONE;

/** Literal characters (a code point each) and wildcards. */
export type Pattern = readonly Part[];

/** `\*` and `\?` are literal; `\\` is one backslash; a backslash before anything else is itself. */
export function parsePattern(text: string): Pattern {
  const characters = [...text];
  const pattern: Part[] = [];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? "";
    const next = characters[i + 1];
    if (character === "\\" && (next === "*" || next === "?" || next === "\\")) {
      pattern.push(next);
      i++;
    } else {
      pattern.push(character === "*" ? ANY_RUN : character === "?" ? ANY_ONE : character);
    }
  }
  return pattern;
}

/** Lets anything stand before, after or around the pattern. */
export function widen(pattern: Pattern, comparison: "contains" | "startswith" | "endswith"): Pattern {
  const before: Pattern = comparison === "startswith" ? [] : [ANY_RUN];
  const after: Pattern = comparison === "endswith" ? [] : [ANY_RUN];
  return [...before, ...pattern, ...after];
}

/** The text that alone matches, where the pattern has no wildcards. */
export function literalOf(pattern: Pattern): string | undefined {
  return pattern.every((part) => typeof part === "string") ? pattern.join("") : undefined;
}

/**
 * Makes the test of a text against the pattern. Its steps are at most pattern × text, whatever the text: there is one point to fall back
 * to, the last `*`, where a regular expression would have one for each.
 *
 * @param options.cased as written; otherwise the pattern is folded here, and the text has to come folded
 */
export function compilePattern(pattern: Pattern, { cased }: { readonly cased: boolean }): (text: string) => boolean {
  const folded: Pattern = cased ? pattern : pattern.map((part): Part => (typeof part === "string" ? fold(part) : part));
  if (folded.includes(ANY_ONE)) return (text) => matchesByCharacter(folded, [...text]);
  const pieces = splitAtRuns(folded);
  const first = pieces.shift() ?? "";
  const last = pieces.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => matchesPieces(text, first, pieces, last);
}

/** Sigma compares without case. A letter folds alike wherever it stands: the final sigma is the one that would not. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes("ς") ? lower.replaceAll("ς", "σ") : lower;
}

function splitAtRuns(pattern: Pattern): string[] {
  const pieces = [""];
  for (const part of pattern) {
    if (part === ANY_RUN) pieces.push("");
    else pieces[pieces.length - 1] += typeof part === "string" ? part : "";
  }
  return pieces;
}

function matchesPieces(text: string, first: string, between: readonly string[], last: string): boolean {
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (const piece of between) {
    const found = text.indexOf(piece, position);
    if (found < 0) return false;
    position = found + piece.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}

function matchesByCharacter(pattern: Pattern, text: readonly string[]): boolean {
  let p = 0;
  let run = -1;
  let resume = 0;
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === ANY_RUN) {
      run = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === ANY_ONE || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (run >= 0) {
      p = run + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === ANY_RUN) p++;
  return p === pattern.length;
}
