/** Where in a text a secret stands, and how the text reads without it. */

/** `end` is exclusive. `kind` names what was found, in lower case with dashes. */
export interface SecretRange {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/** What is kept of a secret. */
export interface SecretMark {
  readonly kind: string;
  /** Equal for two uses of one secret; only where a key is at hand to make it with. */
  readonly fingerprint?: string;
}

/** Of a secret as it is written somewhere: 12 hexadecimal digits, which tell nothing of it to whoever lacks the key. Pure. */
export type Fingerprint = (secret: string) => string;

export interface RedactedText {
  readonly text: string;
  /** What was taken out, each secret once; without fingerprints, each kind once. */
  readonly secrets: readonly SecretMark[];
}

/** A rule finds secrets of one sort, in time linear in the text whatever the text. */
export type SecretRule = (text: string) => readonly SecretRange[];

export const MARKER_START = "[redacted:";
/** Source of a regular expression: a whole marker, with a fingerprint or without. */
export const MARKER = "\\[redacted:[a-z0-9-]{1,40}(?::[0-9a-f]{12})?\\]";
const REDACTED = new RegExp(`^${MARKER}$`);

/** What stands in a secret's place: `[redacted:<kind>]` or `[redacted:<kind>:<fingerprint>]`. */
export function marker({ kind, fingerprint }: SecretMark): string {
  return fingerprint === undefined ? `${MARKER_START}${kind}]` : `${MARKER_START}${kind}:${fingerprint}]`;
}

export function markOf(kind: string, secret: string, fingerprint: Fingerprint | undefined): SecretMark {
  return fingerprint === undefined ? { kind } : { kind, fingerprint: fingerprint(secret) };
}

/** Each mark once. */
export function distinctMarks(marks: readonly SecretMark[]): readonly SecretMark[] {
  return marks.length < 2 ? marks : [...new Map(marks.map((mark) => [marker(mark), mark])).values()];
}

export function isRedacted(text: string): boolean {
  return REDACTED.test(text);
}

/** Replaces the ranges, which may overlap and come in any order; what is redacted already stays as it is. */
export function cutOut(text: string, ranges: readonly SecretRange[], fingerprint?: Fingerprint): RedactedText {
  const pieces: string[] = [];
  const secrets: SecretMark[] = [];
  let kept = 0;
  for (const { start, end, kind } of merged(ranges)) {
    const secret = text.slice(start, end);
    if (isRedacted(secret)) continue;
    const mark = markOf(kind, secret, fingerprint);
    pieces.push(text.slice(kept, start), marker(mark));
    secrets.push(mark);
    kept = end;
  }
  if (secrets.length === 0) return { text, secrets };
  return { text: pieces.join("") + text.slice(kept), secrets: distinctMarks(secrets) };
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
