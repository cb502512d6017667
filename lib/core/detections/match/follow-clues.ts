/** From a text to what the clues that it fits lead to. */
import { fold } from "./pattern.ts";

interface Cuts<T> {
  readonly lengths: readonly number[];
  readonly longest: number;
  readonly byText: ReadonlyMap<string, T>;
}

/** In UTF-16 units: of a longer text, no more is folded than is looked at. */
const SHORT_TEXT = 64;

/** @param clues by clue (see `clue.ts`), what it leads to; each at most once for a text */
export function followClues<T>(clues: ReadonlyMap<string, T>, found: (target: T) => void): (text: string) => void {
  const whole = cutsAt("=", clues);
  const beginnings = cutsAt("^", clues);
  const ends = cutsAt("$", clues);
  const follow = ({ byText }: Cuts<T>, text: string): void => {
    const target = byText.get(text);
    if (target !== undefined) found(target);
  };
  const followEnds = (first: string, last: string): void => {
    for (const length of beginnings.lengths) if (first.length >= length) follow(beginnings, first.slice(0, length));
    for (const length of ends.lengths) if (last.length >= length) follow(ends, last.slice(-length));
  };
  const haveEnds = beginnings.longest > 0 || ends.longest > 0;
  const foldedWhole = Math.max(whole.longest, haveEnds ? SHORT_TEXT : 0);
  return (text) => {
    // Folding makes no text shorter.
    if (text.length <= foldedWhole) {
      const folded = fold(text);
      follow(whole, folded);
      if (haveEnds) followEnds(folded, folded);
    } else if (haveEnds) {
      // One more, which half a character may be that does not fold as the whole does.
      followEnds(fold(text.slice(0, beginnings.longest + 1)), fold(text.slice(-ends.longest - 1)));
    }
  };
}

function cutsAt<T>(place: "=" | "^" | "$", clues: ReadonlyMap<string, T>): Cuts<T> {
  const byText = new Map(
    [...clues].filter(([clue]) => clue.startsWith(place)).map(([clue, to]) => [clue.slice(1), to]),
  );
  const lengths = [...new Set([...byText.keys()].map(({ length }) => length))];
  return { lengths, longest: Math.max(0, ...lengths), byText };
}
