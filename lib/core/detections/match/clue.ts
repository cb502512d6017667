/** Clues to the texts that a test passes for: a whole text, or how it begins or ends. */
import type { FieldTest, Value } from "../rule.ts";
import { fold, literalOf, type Pattern, parsePattern } from "./pattern.ts";
import { outerTexts } from "./placeholders.ts";

/** Folded text, and before it where it has to be: `=` is the whole, `^` the beginning, `$` the end. */
export type Clue = `${"=" | "^" | "$"}${string}`;

/** In UTF-16 units. Beginnings and ends are cut to these, since each length is one look at every text. */
const LENGTHS = [16, 8, 4, 2, 1];

/** To every text that the test passes for by this value; undefined where nothing tells them. */
export function clueOf({ comparison, expand, encodings, part, field }: FieldTest, value: Value): Clue | undefined {
  if (field === "" || encodings !== undefined || part !== undefined) return undefined;
  const written = String(value);
  const whole = expand ? undefined : literalOf(parsePattern(written));
  if (comparison === "equals" && whole !== undefined) return `=${fold(whole)}`;
  const { before, behind } = expand ? outerTexts(written) : { before: written, behind: written };
  const beginning = toClue("^", textBefore(parsePattern(before)));
  const end = toClue("$", textBehind(parsePattern(behind)));
  switch (comparison) {
    case "equals":
      return (end?.length ?? 0) > (beginning?.length ?? 0) ? end : beginning;
    case "startswith":
      return beginning;
    case "endswith":
      return end;
    default:
      return undefined;
  }
}

function toClue(place: "^" | "$", text: string): Clue | undefined {
  const folded = fold(text);
  const length = LENGTHS.find((each) => each <= folded.length);
  // Half a character does not fold as the whole does.
  if (length === undefined || !text.isWellFormed()) return undefined;
  return `${place}${place === "^" ? folded.slice(0, length) : folded.slice(-length)}`;
}

function textBefore(pattern: Pattern): string {
  const wildcard = pattern.findIndex(isWildcard);
  return pattern.slice(0, wildcard < 0 ? pattern.length : wildcard).join("");
}

function textBehind(pattern: Pattern): string {
  return pattern.slice(pattern.findLastIndex(isWildcard) + 1).join("");
}

function isWildcard(part: Pattern[number]): boolean {
  return typeof part !== "string";
}
