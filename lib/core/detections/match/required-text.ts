/** A text that has to be in whatever matches a regular expression: looking for it first spares running most expressions. */

/** Escapes of punctuation are the character itself; those of these letters match something, and leave the rest as it is. */
const CLASSES = /^[dDwWsSbBAz]$/;
const PUNCTUATION = /^[^A-Za-z0-9]$/;
const OPTIONAL = ["?", "*", "{"];
/** A shorter one is in most texts. */
const MIN_CHARACTERS = 3;

/** The longest that is found by reading what is not in a group; undefined where that cannot be told. Case counts. */
export function requiredText(source: string): string | undefined {
  let longest = "";
  let run = "";
  for (let i = 0; i < source.length; ) {
    const end = endOf(source, i);
    if (end === undefined) return undefined;
    const literal = OPTIONAL.includes(source[end] ?? "") ? undefined : literalOf(source.slice(i, end));
    run = literal === undefined ? "" : run + literal;
    if (run.length > longest.length) longest = run;
    // What is repeated stands between what is before it and what is behind it.
    if (source[end] === "+") run = "";
    i = end;
  }
  return longest.length >= MIN_CHARACTERS ? longest : undefined;
}

function literalOf(piece: string): string | undefined {
  if (piece.length === 2 && piece.startsWith("\\"))
    return PUNCTUATION.test(piece.slice(1)) ? piece.slice(1) : undefined;
  return piece.length === 1 && !/[.^$*+?()[\]{}]/.test(piece) ? piece : undefined;
}

/** Where the piece that begins at the position ends: a character, an escape, a class, a group. Undefined is what is not understood. */
function endOf(source: string, start: number): number | undefined {
  const character = source[start];
  if (character === "|" || source.startsWith("(?", start) || source.startsWith("[[", start)) return undefined;
  if (character === "\\") {
    const escaped = source[start + 1] ?? "";
    return PUNCTUATION.test(escaped) || CLASSES.test(escaped) ? start + 2 : undefined;
  }
  if (character === "[") {
    // A bracket that comes first is one of the class.
    const first = source[start + 1] === "^" ? start + 2 : start + 1;
    return afterClosing(source, source[first] === "]" ? first + 1 : first);
  }
  if (character === "{") return source.indexOf("}", start) + 1 || undefined;
  return character === "(" ? afterGroup(source, start) : start + 1;
}

function afterClosing(source: string, start: number): number | undefined {
  for (let i = start; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "]") return i + 1;
  }
  return undefined;
}

function afterGroup(source: string, start: number): number | undefined {
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    const character = source[i];
    if (character === "[" || source.startsWith("\\Q", i)) return undefined;
    if (character === "\\") i++;
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return i + 1;
  }
  return undefined;
}
