/** Which parts of a tree a proof consists of (https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1). */

/** Leaves from `from` up to and without `to`: at least one. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** PATH(m, D[n]): the siblings on the way from a leaf up to the root, the leaf's own first. Needs `0 <= index < size`. */
export function inclusionPath(index: number, size: number): LeafRange[] {
  const path: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    path.push(index < middle ? { from: middle, to } : { from, to: middle });
    [from, to] = index < middle ? [from, middle] : [middle, to];
  }
  return path.reverse();
}

/**
 * PROOF(m, D[n]): the parts that make up the first `oldSize` leaves, the smallest first, and those that make them the new tree. The old tree's own
 * root is left out where it is one of the parts. Needs `0 < oldSize <= newSize`.
 */
export function consistencyPath(oldSize: number, newSize: number): LeafRange[] {
  const path: LeafRange[] = [];
  let [from, to] = [0, newSize];
  while (oldSize < to) {
    const middle = from + splitOf(to - from);
    path.push(oldSize <= middle ? { from: middle, to } : { from, to: middle });
    [from, to] = oldSize <= middle ? [from, middle] : [middle, to];
  }
  if (from > 0) path.push({ from, to });
  return path.reverse();
}

/** The largest power of two below a count over 1. By doubling, since logarithms of large counts round. */
function splitOf(count: number): number {
  let power = 1;
  while (2 * power < count) power *= 2;
  return power;
}
