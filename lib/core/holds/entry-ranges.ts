/** Places in a log as ranges: what a hold is on, short enough to be recorded in one entry. */
import type { LeafRange } from "../evidence/proof-path.ts";

/** Some 30 KB, half of what an entry of the log holds: a record that had to be clipped would forget what is held. */
export const MAX_HOLD_RANGES = 1_000;

/** @param places in any order, the same ones more than once included */
export function rangesOf(places: Iterable<number>): LeafRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const place of [...new Set(places)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.to === place) last.to += 1;
    else ranges.push({ from: place, to: place + 1 });
  }
  return ranges;
}

/** At most as many ranges, by taking in what lies between neighbours, the closest first: never less than was asked for. */
export function coarsened(ranges: readonly LeafRange[], max = MAX_HOLD_RANGES): LeafRange[] {
  let fewer = [...ranges];
  for (let gap = 1; fewer.length > max; gap *= 2) fewer = withoutGaps(fewer, gap);
  return fewer;
}

export function countOf(ranges: readonly LeafRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Whether these are ranges as `rangesOf` makes them: in order, apart, none empty, within a log of `size` entries. */
export function areRangesOf(ranges: readonly LeafRange[], size: number): boolean {
  let end = -1;
  for (const { from, to } of ranges) {
    if (from <= end || from < 0 || to <= from || to > size) return false;
    end = to;
  }
  return ranges.length > 0;
}

function withoutGaps(ranges: readonly LeafRange[], gap: number): LeafRange[] {
  const wider: LeafRange[] = [];
  for (const range of ranges) {
    const last = wider.at(-1);
    if (last !== undefined && range.from - last.to <= gap) wider[wider.length - 1] = { from: last.from, to: range.to };
    else wider.push(range);
  }
  return wider;
}
