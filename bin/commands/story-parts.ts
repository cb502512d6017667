/** The story's events as they would come: what happened minutes apart is not told at once. */

const GAP_MS = 10 * 60 * 1000;

/** In the order of their time, cut where nothing happened for a while. */
export function storyParts<T extends { readonly time: string }>(events: readonly T[]): T[][] {
  const parts: T[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const event of events.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))) {
    const time = Date.parse(event.time);
    if (time - last > GAP_MS) parts.push([]);
    parts.at(-1)?.push(event);
    last = time;
  }
  return parts;
}
