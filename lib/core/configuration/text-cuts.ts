/** Parts of a text that are taken out of it: of a list on lines of its own, or of one between brackets. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What stands there instead. */
export interface Cut extends Span {
  readonly text: string;
}

/** Cuts do not overlap. */
export function splice(text: string, cuts: readonly Cut[]): string {
  return cuts
    .toSorted((a, b) => b.start - a.start)
    .reduce((left, cut) => left.slice(0, cut.start) + cut.text + left.slice(cut.end), text);
}

/** Each of these stands on lines of its own, which go with it and with the comment behind it; lines between them stay. */
export function cutBlock(text: string, spans: readonly Span[], isGone: readonly boolean[]): Cut[] {
  return spans.flatMap(({ start, end }, i) => {
    if (isGone[i] !== true) return [];
    // A value of several lines ends with its last line's break.
    const last = text.slice(start, end).trimEnd().length + start;
    const lineEnd = text.indexOf("\n", last);
    return [
      { start: text.lastIndexOf("\n", start - 1) + 1, end: lineEnd === -1 ? text.length : lineEnd + 1, text: "" },
    ];
  });
}

/** Between brackets, with a comma behind each but perhaps the last. At least one of them stays. */
export function cutFlow(text: string, spans: readonly Span[], isGone: readonly boolean[]): Cut[] {
  const lastKept = spans.findLast((_, i) => isGone[i] !== true);
  return spans.flatMap((span, i) => {
    if (isGone[i] !== true) return [];
    const next = spans[i + 1];
    return next === undefined ? cutLast(text, span, spans, lastKept) : [cutBefore(text, span, next)];
  });
}

/** A comment behind the comma goes with it; one on a line of its own is about what follows. */
function cutBefore(text: string, { start, end }: Span, next: Span): Cut {
  const [behind] = /^[^\n]*?(?=\r?\n)/.exec(text.slice(end, next.start)) ?? [];
  if (behind === undefined || !/^\s*,/.test(behind)) return { start, end: next.start, text: "" };
  const line = ownLine(text, start);
  if (line === undefined) return { start, end: end + behind.length, text: "" };
  return { start: line, end: text.indexOf("\n", end) + 1, text: "" };
}

/** The comma before it may stay where a line ends behind it: one may stand before the bracket. */
function cutLast(text: string, { start, end }: Span, spans: readonly Span[], lastKept: Span | undefined): Cut[] {
  const line = ownLine(text, start);
  const behind = /^[ \t]*,?[ \t]*(#[^\n]*)?\r?\n/.exec(text.slice(end))?.[0];
  if (line !== undefined && behind !== undefined) return [{ start: line, end: end + behind.length, text: "" }];
  const firstGone = spans.find((span) => lastKept !== undefined && span.start >= lastKept.end);
  const between = { start: lastKept?.end ?? start, end: firstGone?.start ?? start };
  if (text.slice(between.start, between.end).includes("#")) {
    const comma = /^\s*,/.exec(text.slice(end))?.[0] ?? "";
    return [{ start, end: end + comma.length, text: "" }];
  }
  return [
    { ...between, text: "" },
    { start, end, text: "" },
  ];
}

/** Where the line begins, if nothing stands on it before. */
function ownLine(text: string, start: number): number | undefined {
  const line = text.lastIndexOf("\n", start - 1) + 1;
  return text.slice(line, start).trim() === "" ? line : undefined;
}
