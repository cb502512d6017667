/** Wildcards of gatebook.yml, in AWS's form: `*` is any run of characters, `?` any one. */

/** Compiles patterns into one test. Runs in time linear in pattern × text, whatever the pattern. */
export function matcherOf(patterns: readonly string[]): (text: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !/[*?]/.test(pattern)));
  const wild = patterns.filter((pattern) => /[*?]/.test(pattern));
  return (text) => exact.has(text) || wild.some((pattern) => matchesWildcard(pattern, text));
}

// Greedy with one point to fall back to, the last `*`: no pattern makes it exponential, as a regular expression can be.
function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
