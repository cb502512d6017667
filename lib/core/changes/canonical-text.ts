/** One text for equal JSON values: what is compared comes from outside, and may be nested deeper than a call stack. */
import { isObject } from "../sources/json.ts";

type Piece = { readonly text: string } | { readonly value: unknown };

/**
 * JSON with the members of objects in the order of their names, made without recursion.
 *
 * @param maxChars where to stop: the text is then cut, and a little longer than this
 */
export function canonicalText(root: unknown, maxChars = Number.POSITIVE_INFINITY): string {
  const done: string[] = [];
  let chars = 0;
  // The next piece is last.
  const open: Piece[] = [{ value: root }];
  for (let piece = open.pop(); piece !== undefined && chars <= maxChars; piece = open.pop()) {
    const text = "text" in piece ? piece.text : textOrParts(piece.value, open);
    done.push(text);
    chars += text.length;
  }
  return done.join("");
}

export function isSame(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (!isComposite(before) || !isComposite(after)) return false;
  return canonicalText(before) === canonicalText(after);
}

function isComposite(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** The text of what has no members, or how the composite begins, with the rest put on the stack. */
function textOrParts(value: unknown, open: Piece[]): string {
  if (Array.isArray(value)) {
    open.push({ text: "]" });
    for (let index = value.length - 1; index >= 0; index -= 1) {
      open.push({ value: value[index] });
      if (index > 0) open.push({ text: "," });
    }
    return "[";
  }
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  open.push({ text: "}" });
  const names = Object.keys(value).sort();
  for (let index = names.length - 1; index >= 0; index -= 1) {
    const name = names[index] ?? "";
    open.push({ value: value[name] }, { text: `${index > 0 ? "," : ""}${JSON.stringify(name)}:` });
  }
  return "{";
}
