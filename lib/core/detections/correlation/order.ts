/** How many rules of an ordered correlation matched one after the other. */
import type { Member } from "./member.ts";

/**
 * The most rules, in the order of the correlation, that different events matched in the order of time. Events of the same time count in either
 * order: many sources tell whole seconds.
 *
 * @param members in the order of time
 */
export function longestInOrder(members: readonly Member[]): number {
  /** By position, how long the longest row is that ends with it. */
  const best = new Map<number, number>();
  for (const positions of inTurn(members)) {
    // One event is one step, whichever of the rules it matched.
    const longer = positions.map((position) => [position, 1 + longestBefore(position, best)] as const);
    for (const [position, length] of longer) best.set(position, Math.max(length, best.get(position) ?? 0));
  }
  return Math.max(0, ...best.values());
}

function longestBefore(position: number, best: ReadonlyMap<number, number>): number {
  return Math.max(0, ...[...best].filter(([other]) => other < position).map(([, length]) => length));
}

/** The positions that each event matched, of one time those first that begin a row. */
function inTurn(members: readonly Member[]): number[][] {
  const events = new Map<string, { time: number; positions: number[] }>();
  for (const { id, time, position } of members) {
    const event = events.get(id) ?? { time, positions: [] };
    events.set(id, event);
    event.positions.push(position);
  }
  const first = ({ positions }: { positions: number[] }): number => Math.min(...positions);
  const last = ({ positions }: { positions: number[] }): number => Math.max(...positions);
  return [...events.values()]
    .sort((a, b) => a.time - b.time || first(a) - first(b) || last(a) - last(b))
    .map(({ positions }) => positions);
}
