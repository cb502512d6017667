/** Where the value begins and ends that follows a name in free text: shell, JSON, YAML, query, connection string. */
import { MARKER } from "./secret-range.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A quote, in JSON inside JSON with its backslashes; before it what marks a string in Python, C# or a shell. */
const OPENING_QUOTE = /[a-zA-Z$@]{0,2}(\\{0,15})(["'`])/y;
const LINE_END = /[\r\n]|$/g;

/**
 * A bare value ends at white space, and at a separator or quote where something else begins behind it: `a=1,b=2` are two
 * pairs, and the comma in `password=a,b` belongs to the password. At most 4,096 characters at a time, since the engine
 * keeps a way back for each.
 */
const BARE =
  /(?:[^\s"'`<>,;&)}\]\\|]|[,;&)}\]|](?!\s|$|["'`,;&)}\]|<>\\]|[\w.-]{1,64}["'\\]{0,3}\s{0,2}[=:])|\\(?![nrt"'`\\])|["'`](?=[\w$])){1,4096}/y;
/** With the white space that GitHub and Jinja allow in it. */
const TEMPLATE = /\$?\{\{[^{}\n]{1,256}\}\}/y;
const REDACTED = new RegExp(MARKER, "y");

/** The value at `at`, without its quotes; undefined where there is none. */
export function readValue(text: string, at: number): Span | undefined {
  OPENING_QUOTE.lastIndex = at;
  const [opening, backslashes, quote] = OPENING_QUOTE.exec(text) ?? [];
  if (opening !== undefined && backslashes !== undefined && quote !== undefined) {
    const start = at + opening.length;
    return { start, end: closingQuote(text, start, quote, backslashes.length) };
  }
  const end = endOfBare(text, at);
  return end > at ? { start: at, end } : undefined;
}

/** A header's value runs to the end of the line or to the quote around the whole header. */
export function readLine(text: string, at: number): Span | undefined {
  const quoted = readValue(text, at);
  if (quoted !== undefined && quoted.start > at) return quoted;
  const end = /["'`\r\n]|\\[nr"]|$/g;
  end.lastIndex = at;
  const start = at;
  const stop = end.exec(text)?.index ?? text.length;
  return stop > start ? { start, end: stop } : undefined;
}

/**
 * At depth n of JSON in JSON a quote stands behind 2ⁿ-1 backslashes, and an escaped one behind more. A quote that is never
 * closed (an excerpt cut short) holds all that follows on its line.
 */
function closingQuote(text: string, start: number, quote: string, depth: number): number {
  const period = 2 * depth + 2;
  for (let at = text.indexOf(quote, start); at !== -1; at = text.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > start && text[at - backslashes - 1] === "\\") backslashes += 1;
    if (backslashes % period === depth) return at - depth;
  }
  LINE_END.lastIndex = start;
  return LINE_END.exec(text)?.index ?? text.length;
}

function endOfBare(text: string, at: number): number {
  let end = at;
  for (;;) {
    BARE.lastIndex = end;
    REDACTED.lastIndex = end;
    TEMPLATE.lastIndex = end;
    if (REDACTED.test(text)) end = REDACTED.lastIndex;
    else if (TEMPLATE.test(text)) end = TEMPLATE.lastIndex;
    else if (BARE.test(text)) end = BARE.lastIndex;
    else return end;
  }
}
