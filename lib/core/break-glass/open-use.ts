/** What was done in an emergency session and is not explained yet: one thing to explain, however much it is. */

import { timeOf } from "../record/entry-time.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { type BreakGlassIndex, type EmergencyHour, HOUR_MS } from "./break-glass-index.ts";

/** Beyond it, it is said that there are more. */
export const MAX_COUNTED = 1_000;

export interface OpenUse {
  readonly session: string;
  /** The first and the last access, epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly accesses: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
  /** Who used it, as far as known. */
  readonly people: readonly string[];
  /** Who acted beside the session itself: whoever took it on, and roles that it took on. */
  readonly others: readonly string[];
  /** What was done first with it. */
  readonly first: Pick<IndexEntry, "operation" | "resource">;
}

/**
 * @param hours those of one session
 * @param explainedUntil the last access that is explained
 * @returns undefined where everything is
 */
export async function openUse(
  hours: readonly EmergencyHour[],
  explainedUntil: number,
  index: BreakGlassIndex,
): Promise<OpenUse | undefined> {
  const since = Math.max(0, explainedUntil + 1);
  const [{ session } = { session: "" }] = hours;
  const open = [...Map.groupBy(hours, ({ hour }) => hour)]
    .filter(([hour]) => hour + HOUR_MS > since)
    .toSorted(([a], [b]) => a - b)
    .map(([, together]) => together);
  const counted: IndexEntry[] = [];
  for (const together of open) {
    if (counted.length > MAX_COUNTED) break;
    const which = { since, limit: MAX_COUNTED + 1, from: "first" } as const;
    counted.push(...(await Promise.all(together.map((hour) => index.accessesIn(hour, which)))).flat());
  }
  counted.sort((a, b) => (a.eventKey < b.eventKey ? -1 : 1));
  const [earliest] = counted;
  if (earliest === undefined) return undefined;
  const isMore = counted.length > MAX_COUNTED;
  const used = counted.find(({ action }) => action !== "access.assume" && action !== "access.sign-in") ?? earliest;
  return {
    session,
    since: timeOf(earliest),
    until: Math.max(timeOf(counted.at(-1) ?? earliest), isMore ? await lastOf(open, since, index) : 0),
    accesses: Math.min(counted.length, MAX_COUNTED),
    isMore,
    people: distinct(counted.flatMap(({ person }) => person ?? [])),
    others: distinct(counted.map(({ principal }) => principal).filter((principal) => principal !== session)),
    first: { operation: used.operation, ...(used.resource !== undefined && { resource: used.resource }) },
  };
}

/** @param open hours that lie together, oldest first */
async function lastOf(
  open: readonly (readonly EmergencyHour[])[],
  since: number,
  index: BreakGlassIndex,
): Promise<number> {
  for (const together of open.toReversed()) {
    const which = { since, limit: 1, from: "last" } as const;
    const last = (await Promise.all(together.map((hour) => index.accessesIn(hour, which)))).flat();
    if (last.length > 0) return Math.max(...last.map(timeOf));
  }
  return since;
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
