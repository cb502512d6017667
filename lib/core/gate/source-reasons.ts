/** Whether what tells of a delivery is silent. */
import type { DeliveryPeople } from "./delivery-people.ts";
import type { GateReason } from "./gate-decision.ts";

const HOUR_MS = 60 * 60 * 1000;
/** Gatebook records its own review each day: two hours are for when it runs late. */
const MAX_STANDSTILL_MS = 26 * HOUR_MS;

export function sourceReasons({ isTold, isApproverMissing }: DeliveryPeople): GateReason[] {
  if (!isTold)
    return [{ check: "source", text: "nothing of it was recorded: the system that runs it is silent, or late" }];
  const text = "it was approved, and nothing was recorded of who did so: the source that tells it is silent, or late";
  return isApproverMissing ? [{ check: "source", text }] : [];
}

/**
 * A repository may be quiet for weeks, and a log that has Gatebook's own daily entry cannot: whatever happened to an old delivery since would not be known.
 *
 * @param recordedLast when the log last grew; nothing, where it never did or that is not known
 */
export function standstillReasons(recordedLast: number | undefined, now: number): GateReason[] {
  if (recordedLast === undefined || now - recordedLast <= MAX_STANDSTILL_MS) return [];
  const since = new Date(recordedLast).toISOString();
  const text = `nothing at all was recorded since ${since}, not even Gatebook's own daily review: recording stands still`;
  return [{ check: "source", text }];
}
