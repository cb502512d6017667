/** Which temporary roles there were when something happened, for whoever decides about thousands of accesses. */
import { GatebookError } from "../errors.ts";
import type { Grant } from "./grant.ts";
import { MAX_LIFE_MS } from "./grant.ts";
import type { GrantStore } from "./grant-store.ts";

/** An access after the end of a grant is still told apart from others for as long. */
export const REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** Between the clock that stamps approvals, and those that stamp accesses. */
const SKEW_MS = 10_000;
/** Whoever floods with accesses of this moment costs a read a second. */
const MIN_AGE_MS = 1_000;
const HOUR_MS = 60 * 60 * 1000;
const MAX_HOURS = 200;

/** Every grant that may have been in force at a time, or over for less than a day. Rejects with UNAVAILABLE. */
export type GrantsAround = (time: number) => Promise<readonly Grant[]>;

/**
 * A reading made after an access knows all that was granted before it, and what is revoked later takes nothing from it: it is good for ever for
 * accesses that are older than itself.
 */
export function recentGrants(store: Pick<GrantStore, "requestedBetween">, now: () => number): GrantsAround {
  const readings = new Map<number, { readonly at: number; readonly grants: Promise<readonly Grant[]> }>();
  return (time) => {
    const hour = Math.floor(time / HOUR_MS);
    const at = now();
    const known = readings.get(hour);
    if (known !== undefined && (known.at >= time + SKEW_MS || at - known.at < MIN_AGE_MS)) return known.grants;
    const from = hour * HOUR_MS - MAX_LIFE_MS - REMEMBERED_MS;
    const grants = store.requestedBetween(from, (hour + 1) * HOUR_MS).catch((cause: unknown) => {
      throw new GatebookError("UNAVAILABLE", "the grants could not be read: nothing is decided without them", {
        cause,
      });
    });
    if (readings.size >= MAX_HOURS) readings.clear();
    readings.set(hour, { at, grants });
    // What could not be read is asked for again.
    void grants.catch(() => readings.delete(hour));
    return grants;
  };
}
