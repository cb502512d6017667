/** Which entries of a commit hang on what else is known of their delivery, and when they are looked at again. */
import type { Commit } from "../evidence/event-index.ts";
import { shardOf } from "../evidence/shard.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { FAILURE } from "../record/ocsf.ts";
import { isServicePrincipal } from "../sources/principal.ts";
import type { PendingLook } from "./pending-looks.ts";

/**
 * Another recorder of the same seconds has committed by then, and the secondary indexes have followed. With the function's minute, a look comes a minute after
 * the record.
 */
export const FIRST_LOOK_MS = 30 * 1000;

/** Noted with the commit that records them, so that none is without. */
export function looksOf({ origin, time, from, entries }: Omit<Commit, "size">): PendingLook[] {
  const shard = shardOf(origin);
  return entries.flatMap((entry, i) =>
    hangsOnItsDelivery(entry)
      ? [{ place: { shard, index: from + i }, committed: time, due: time + FIRST_LOOK_MS }]
      : [],
  );
}

/**
 * An approval, by what came before it and after it: whatever changes what was approved is looked at with it. A merge, by the reviews and the commits of its
 * pull request. A start finds the same as the approval does, and a service's word of an approval speaks of a person's.
 */
export function hangsOnItsDelivery({ action, status, principal, trace }: IndexEntry): boolean {
  if (status === FAILURE || isServicePrincipal(principal)) return false;
  return action === "pipeline.approve" || (action === "source.merge" && trace !== undefined);
}

/** @returns undefined after the last one */
export function nextLook(look: PendingLook, latenessMs: number): PendingLook | undefined {
  const last = look.committed + latenessMs;
  return last > look.due ? { ...look, due: last } : undefined;
}
