/** Matching with `*` (any run of characters) in time linear in pattern × text, however hostile the pattern. */

/** One element of a pattern: a literal character, `*`, or `?`. */
export type WildcardToken = { readonly literal: string } | "any-run" | "any-one";

/** `*` and `?` as IAM reads them: there is no way to escape one. */
export function policyWildcard(pattern: string): readonly WildcardToken[] {
  return Array.from(pattern, (character) => {
    if (character === "*") return "any-run";
    return character === "?" ? "any-one" : { literal: character };
  });
}

/** True when the whole text matches. A regular expression would do, but backtracks without bound on `a*a*a*…b`. */
export function matchesWildcard(tokens: readonly WildcardToken[], text: string): boolean {
  const characters = Array.from(text);
  let token = 0;
  let position = 0;
  let lastRun = -1;
  let runEnd = 0;
  while (position < characters.length) {
    const current = tokens[token];
    if (current === "any-run") {
      lastRun = token;
      runEnd = position;
      token += 1;
    } else if (current === "any-one" || (current !== undefined && current.literal === characters[position])) {
      token += 1;
      position += 1;
    } else if (lastRun >= 0) {
      // Only the latest run has to be stretched: what an earlier one matched can stay as short as it is.
      runEnd += 1;
      position = runEnd;
      token = lastRun + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === "any-run");
}
