/** A length of time in words: the largest unit that it has two of, or one. */
const UNITS = [
  ["day", 24 * 60 * 60 * 1000],
  ["hour", 60 * 60 * 1000],
  ["minute", 60 * 1000],
  ["second", 1000],
] as const;

export function describeDuration(ms: number): string {
  for (const [unit, unitMs] of UNITS) {
    if (ms < 2 * unitMs && ms !== unitMs) continue;
    const count = Math.round(ms / unitMs);
    return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return "a second";
}
