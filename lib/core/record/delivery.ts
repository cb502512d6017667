/** Who started and who approved the pipeline execution that an event belongs to. */
import { isServicePrincipal } from "../sources/principal.ts";
import { type BatchEntries, NO_ENTRIES } from "./batch-entries.ts";
import { findAuthors, whoIn } from "./delivery-authors.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import type { IndexEntry } from "./index-entry.ts";
import { FAILURE } from "./ocsf.ts";

/** How far back to look for the execution that waited at an approval: its latest events, not its history. */
const MAX_LOOKED_AT = 100;

/** The pipeline tells the outcome of an approval within seconds of the call that gave it. */
const OUTCOME_MS = 60_000;

export interface Delivery {
  /** The execution's id. */
  readonly trace: string;
  /** People by e-mail address, or principals that are nobody's. Services that carry out what people asked for are left out. */
  readonly starters: readonly string[];
  readonly approvers: readonly string[];
  /** Who wrote what the execution delivers, and who reviewed it. */
  readonly committers: readonly string[];
  readonly reviewers: readonly string[];
  /** The decision of a person that this event of the pipeline itself is the outcome of, where nothing told its execution before. */
  readonly approval?: IndexEntry;
}

/**
 * `batch` holds the events that arrived together with this one, which the index cannot know yet. Either order of arrival gives the same
 * answer by the time that both sides are there: start and approval each look for the other.
 */
export async function findDelivery(
  entry: IndexEntry,
  batch: BatchEntries,
  index: DeliveryIndex,
): Promise<Delivery | undefined> {
  const trace = entry.trace ?? (await findAwaitingExecution(entry, batch, index));
  if (trace === undefined) return undefined;
  const approval = isOutcome(entry) ? await findUnlinkedApproval(entry, batch, index) : undefined;
  // The pipeline's own word that an approval was given: judged already, with the call of the person who gave it.
  if (isOutcome(entry) && approval === undefined) return undefined;

  const told = await index.byTrace(trace);
  // Outcomes that came before the start, of calls that nothing could link by then. Those of this batch are judged in their turn.
  const unlinked = await Promise.all(
    told.filter(isOutcome).map((other) => findUnlinkedApproval(other, NO_ENTRIES, index)),
  );
  const together = batch.ofTrace(trace);
  const members = [...told, ...together, ...unlinked, approval, entry]
    .filter((member) => member !== undefined)
    .filter(({ status, principal }) => status !== FAILURE && !isServicePrincipal(principal));
  return {
    trace,
    starters: whoIn(members.filter(({ action }) => action === "pipeline.start")),
    approvers: whoIn(members.filter(({ action }) => action === "pipeline.approve")),
    ...(await findAuthors(trace, batch, index)),
    ...(approval && { approval }),
  };
}

/**
 * PutApprovalResult does not name the execution. The outcome that follows does, if it was told already; else it is the execution last seen at
 * that approval, which may be the one before if the pipeline's request for this one is late.
 */
async function findAwaitingExecution(
  entry: IndexEntry,
  batch: BatchEntries,
  index: DeliveryIndex,
): Promise<string | undefined> {
  if (!isDecision(entry)) return undefined;
  const time = timeOf(entry);
  const events = await eventsAt(entry, time + OUTCOME_MS, batch, index);
  const decided = events.find((other) => timeOf(other) >= time && isDecision(other) && other.status !== FAILURE);
  if (decided !== undefined && isOutcome(decided)) return decided.trace;
  return events.findLast((other) => timeOf(other) <= time && other.trace !== undefined)?.trace;
}

/**
 * The pipeline names the execution and not the person. Who decided is whoever last did so there, unless their call is linked to this execution,
 * was given before it was asked for, or has another execution's outcome behind it.
 */
async function findUnlinkedApproval(
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
async function eventsAt(
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

function isDecision({ action }: IndexEntry): boolean {
  return action === "pipeline.approve" || action === "pipeline.reject";
}

function isOutcome(entry: IndexEntry): boolean {
  return isDecision(entry) && isServicePrincipal(entry.principal);
}

function timeOf({ eventKey }: IndexEntry): number {
  return Date.parse(eventKey.slice(0, eventKey.indexOf("#")));
}
