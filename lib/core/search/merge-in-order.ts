/** Several sequences as one: of what comes next in each, always what is smallest. */

/** Each sequence keeps its own order, whatever that is: of one that is in no order, only the beginnings are compared. */
export async function* mergeInOrder<T>(
  sequences: readonly AsyncIterable<T>[],
  orderOf: (value: T) => number,
): AsyncGenerator<T> {
  const readers = sequences.map((sequence) => sequence[Symbol.asyncIterator]());
  try {
    const beginnings = await Promise.all(readers.map((reader) => reader.next()));
    for (;;) {
      const next = indexOfSmallest(beginnings, orderOf);
      const [reader, beginning] = [readers[next], beginnings[next]];
      if (reader === undefined || beginning === undefined || beginning.done === true) return;
      yield beginning.value;
      beginnings[next] = await reader.next();
    }
  } finally {
    // Whoever stops early leaves sequences that read ahead.
    await Promise.all(readers.map((reader) => reader.return?.()));
  }
}

/** @returns -1 when nothing is left; of equal ones the first */
function indexOfSmallest<T>(beginnings: readonly IteratorResult<T>[], orderOf: (value: T) => number): number {
  let smallest = -1;
  let order = Number.POSITIVE_INFINITY;
  for (const [i, beginning] of beginnings.entries()) {
    if (beginning.done === true) continue;
    const own = orderOf(beginning.value);
    if (smallest !== -1 && own >= order) continue;
    smallest = i;
    order = own;
  }
  return smallest;
}
