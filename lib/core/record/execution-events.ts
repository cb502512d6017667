/** The events of one execution of a pipeline, the decisions of people among them whose calls do not name it. */
import { isServicePrincipal } from "../sources/principal.ts";
import { type BatchEntries, NO_ENTRIES } from "./batch-entries.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { timeOf } from "./entry-time.ts";
import type { IndexEntry } from "./index-entry.ts";
import { FAILURE } from "./ocsf.ts";

/** How far back to look for the execution that waited at an approval: its latest events, not its history. */
const MAX_LOOKED_AT = 100;

export interface ExecutionEvents {
  /** All that its trace has, services' events included. */
  readonly told: readonly IndexEntry[];
  /** What people did, and was not refused. */
  readonly acts: readonly IndexEntry[];
}

export async function eventsOfExecution(
  trace: string,
  batch: BatchEntries,
  index: DeliveryIndex,
): Promise<ExecutionEvents> {
  const recorded = await index.byTrace(trace);
  // Outcomes that came before the start, of calls that nothing could link by then. Those of this batch are judged in their turn.
  const unlinked = await Promise.all(
    recorded.filter(isOutcome).map((outcome) => findUnlinkedApproval(outcome, NO_ENTRIES, index)),
  );
  const told = [...recorded, ...batch.ofTrace(trace)];
  return { told, acts: actsIn([...told, ...unlinked.filter((entry) => entry !== undefined)]) };
}

export function actsIn(entries: readonly IndexEntry[]): IndexEntry[] {
  return entries.filter(({ status, principal }) => status !== FAILURE && !isServicePrincipal(principal));
}

/**
 * The pipeline names the execution and not the person. Who decided is whoever last did so there, unless their call is linked to this execution,
 * was given before it was asked for, or has another execution's outcome behind it.
 */
export async function findUnlinkedApproval(
  outcome: IndexEntry,
  batch: BatchEntries,
  index: DeliveryIndex,
): Promise<IndexEntry | undefined> {
  const events = await eventsAt(outcome, timeOf(outcome), batch, index);
  // A call that failed decided nothing, however late it came.
  const last = events.findLast((other) => isDecision(other) && !isOutcome(other) && other.status !== FAILURE);
  if (last === undefined || last.trace === outcome.trace) return undefined;
  const isPast = events.some(
    (other) =>
      (other.trace === outcome.trace && !isDecision(other) && timeOf(other) > timeOf(last)) ||
      (other.trace === last.trace && isOutcome(other) && timeOf(other) >= timeOf(last)),
  );
  return isPast ? undefined : last;
}

/** Other events at the same resource up to a time, oldest first. Times are in seconds: call and outcome can have the same. */
export async function eventsAt(
  { resource, eventKey }: IndexEntry,
  until: number,
  batch: BatchEntries,
  index: DeliveryIndex,
): Promise<IndexEntry[]> {
  if (resource === undefined) return [];
  const known = await index.byResource(resource, { before: until + 1, limit: MAX_LOOKED_AT });
  const together = batch.ofResource(resource).filter((other) => timeOf(other) <= until);
  return [...known, ...together]
    .filter((other) => other.eventKey !== eventKey)
    .sort((a, b) => (a.eventKey < b.eventKey ? -1 : 1));
}

export function isDecision({ action }: IndexEntry): boolean {
  return action === "pipeline.approve" || action === "pipeline.reject";
}

/** The pipeline's own word of how an approval went. */
export function isOutcome(entry: IndexEntry): boolean {
  return isDecision(entry) && isServicePrincipal(entry.principal);
}
