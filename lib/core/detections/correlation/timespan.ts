/** A time written as Sigma writes it: a number and a letter, such as `90m`. */
const MS_PER_SECOND = 1_000;
const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 60 * 60,
  d: 24 * 60 * 60,
  w: 7 * 24 * 60 * 60,
  // A twelfth of a year of the calendar's average length, and that year.
  M: 2_629_746,
  y: 31_556_952,
};

/** Ten years: what is meant to be never forgotten is no correlation. */
const MAX_MS = 10 * 31_556_952 * MS_PER_SECOND;

/** Milliseconds; undefined where the text is no such time, or none that can be waited for. */
export function parseTimespan(text: unknown): number | undefined {
  const [, number = "", unit = ""] = (typeof text === "string" && /^(\d{1,9})([smhdwMy])$/.exec(text)) || [];
  const ms = Number(number) * (SECONDS[unit] ?? 0) * MS_PER_SECOND;
  return ms > 0 && ms <= MAX_MS ? ms : undefined;
}

export const TIMESPAN_FORM = "must be a number and one of s, m, h, d, w, M, y, such as 90m, and at most ten years";
