/** Reading the index by what was done with the access that is kept for emergencies. */
import type { IndexEntry } from "../record/index-entry.ts";

export const HOUR_MS = 60 * 60 * 1000;

/** An hour in which somebody acted in an emergency session: the session itself, whoever took it on, or a role that it took on. */
export interface EmergencyHour {
  readonly session: string;
  readonly principal: string;
  /** When the hour begins, epoch milliseconds. */
  readonly hour: number;
}

/**
 * Both are strongly consistent. `emergencyHours` answers with the hours that overlap a range of time (epoch milliseconds, both ends inclusive),
 * oldest first, each once. `accessesIn` answers with what was done in one of them from a time on (inclusive): the first entries, oldest first, or
 * the last, newest first. Texts of more than a kilobyte come back shortened.
 */
export interface BreakGlassIndex {
  emergencyHours(range: { readonly since: number; readonly until: number }): Promise<readonly EmergencyHour[]>;
  accessesIn(
    hour: EmergencyHour,
    which: { readonly since: number; readonly limit: number; readonly from: "first" | "last" },
  ): Promise<readonly IndexEntry[]>;
}

export function startOfHour(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}
