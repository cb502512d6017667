/** Where in a text a secret stands, and how the text reads without it. */

/** `end` is exclusive. `kind` names what was found, in lower case with dashes: it is all that is kept of the secret. */
export interface SecretRange {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

export interface RedactedText {
  readonly text: string;
  /** What was taken out, each kind once. */
  readonly kinds: readonly string[];
}

/** A rule finds secrets of one sort, in time linear in the text whatever the text. */
export type SecretRule = (text: string) => readonly SecretRange[];

const REDACTED = /^\[redacted:[a-z0-9-]{1,40}\]$/;

export function redacted(kind: string): string {
  return `[redacted:${kind}]`;
}

export function isRedacted(text: string): boolean {
  return REDACTED.test(text);
}

/** Replaces the ranges, which may overlap and come in any order; what is redacted already stays as it is. */
export function cutOut(text: string, ranges: readonly SecretRange[]): RedactedText {
  const pieces: string[] = [];
  const kinds = new Set<string>();
  let kept = 0;
  for (const { start, end, kind } of merged(ranges)) {
    if (isRedacted(text.slice(start, end))) continue;
    pieces.push(text.slice(kept, start), redacted(kind));
    kinds.add(kind);
    kept = end;
  }
  if (kinds.size === 0) return { text, kinds: [] };
  return { text: pieces.join("") + text.slice(kept), kinds: [...kinds] };
}

/** Of two ranges that overlap, the one that starts first gives its kind to both: half a secret left over is a secret. */
function merged(ranges: readonly SecretRange[]): SecretRange[] {
  const sorted = ranges.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const apart: SecretRange[] = [];
  for (const range of sorted) {
    const last = apart.at(-1);
    if (last === undefined || range.start >= last.end) apart.push(range);
    else if (range.end > last.end) apart[apart.length - 1] = { ...last, end: range.end };
  }
  return apart;
}
