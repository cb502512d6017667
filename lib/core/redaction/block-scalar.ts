/** Where the text of a YAML block scalar stands, `password: |` with the value on the lines below (https://yaml.org/spec/1.2.2/#81-block-scalar-styles). */
import type { Span } from "./secret-value.ts";

/** A line's end, which JSON in JSON writes as an escape. */
const LINE_END = /\r?\n|(?:\\{1,7}r)?\\{1,7}n/g;
const HEADER = /[|>][-+\d]{0,2}[ \t]{0,8}(?:#[^\n\\]{0,128})?(?=\r?\n|\\{1,7}[rn])/y;
/** The plus sign of a diff stands before it. */
const INDENT = /\+?( *)/y;
/** Of the key; `- ` counts as white space, since what stands below has to go in deeper than the dash. */
const INDENT_MAX = 256;

export interface Line extends Span {
  /** Behind the line's end. */
  readonly next: number;
  readonly indent: number;
}

/** The line that begins at a place, with its indentation outside the span. */
export function lineAt(text: string, at: number): Line {
  const indent = countSpaces(text, at);
  const start = INDENT.lastIndex;
  LINE_END.lastIndex = start;
  const found = LINE_END.exec(text);
  const end = found?.index ?? text.length;
  return { start, end, next: found === null ? text.length : LINE_END.lastIndex, indent };
}

/** Leaves INDENT behind them. */
function countSpaces(text: string, at: number): number {
  INDENT.lastIndex = at;
  return INDENT.exec(text)?.[1]?.length ?? 0;
}

/** The lines of a block scalar whose indicator stands at `at`, of a key that begins at `keyAt`. */
export function blockScalarAt(text: string, at: number, keyAt: number): Span | undefined {
  HEADER.lastIndex = at;
  if (!HEADER.test(text)) return undefined;
  const parent = indentOf(text, keyAt);
  let span: Span | undefined;
  for (let next = lineAt(text, HEADER.lastIndex).next; next < text.length; ) {
    const line = lineAt(text, next);
    next = line.next;
    if (line.start === line.end) continue;
    if (line.indent <= parent) break;
    span = { start: span?.start ?? line.start, end: line.end };
  }
  return span;
}

/** Of the line that a key stands on. */
export function indentOf(text: string, keyAt: number): number {
  let at = keyAt;
  while (at > 0 && keyAt - at < INDENT_MAX && /["' -]/.test(text[at - 1] ?? "")) at -= 1;
  return countSpaces(text, at);
}
