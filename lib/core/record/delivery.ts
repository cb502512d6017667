/** Who started and who approved the pipeline execution that an event belongs to. */
import type { DeliveryIndex } from "./delivery-index.ts";
import type { IndexEntry } from "./index-entry.ts";
import { FAILURE } from "./ocsf.ts";

/** How far back to look for the execution that waited at an approval: its latest events, not its history. */
const MAX_LOOKED_AT = 20;

export interface Delivery {
  /** The execution's id. */
  readonly trace: string;
  /** People by e-mail address, or principals that are nobody's. Services that carry out what people asked for are left out. */
  readonly starters: readonly string[];
  readonly approvers: readonly string[];
  /** The decision of a person that this event of the pipeline itself is the outcome of, where nothing told its execution before. */
  readonly approval?: IndexEntry;
}

/**
 * `batch` holds the events that arrived together with this one, which the index cannot know yet. Either order of arrival gives the same
 * answer by the time that both sides are there: start and approval each look for the other.
 */
export async function findDelivery(
  entry: IndexEntry,
  batch: readonly IndexEntry[],
  index: DeliveryIndex,
): Promise<Delivery | undefined> {
  const trace = entry.trace ?? (await findAwaitingExecution(entry, batch, index));
  if (trace === undefined) return undefined;
  const unlinked = await findUnlinkedApproval(entry, batch, index);
  // The pipeline's own word that an approval was given: judged already, with the call of the person who gave it.
  if (isDecision(entry) && isService(entry.principal) && unlinked === undefined) return undefined;

  const together = batch.filter((other) => other.trace === trace);
  const members = [...(await index.byTrace(trace)), ...together, ...(unlinked ? [unlinked] : []), entry].filter(
    ({ status, principal }) => status !== FAILURE && !isService(principal),
  );
  return {
    trace,
    starters: whoIn(members.filter(({ action }) => action === "pipeline.start")),
    approvers: whoIn(members.filter(({ action }) => action === "pipeline.approve")),
    ...(unlinked && { approval: unlinked }),
  };
}

/** PutApprovalResult does not name the execution: it is the one last seen at that approval. A stage holds one execution at a time. */
async function findAwaitingExecution(
  entry: IndexEntry,
  batch: readonly IndexEntry[],
  index: DeliveryIndex,
): Promise<string | undefined> {
  if (!isDecision(entry)) return undefined;
  return (await eventsAt(entry, batch, index)).findLast(({ trace }) => trace !== undefined)?.trace;
}

/** The pipeline names the execution and not the person: who decided may have come before it, when nothing told their execution yet. */
async function findUnlinkedApproval(
  entry: IndexEntry,
  batch: readonly IndexEntry[],
  index: DeliveryIndex,
): Promise<IndexEntry | undefined> {
  if (!isDecision(entry) || !isService(entry.principal)) return undefined;
  const last = (await eventsAt(entry, batch, index)).findLast(
    (other) => isDecision(other) && !isService(other.principal),
  );
  return last?.trace === undefined ? last : undefined;
}

/** Other events at the same resource up to this one's time, oldest first. Times are in seconds: call and outcome can have the same. */
async function eventsAt(
  { resource, eventKey }: IndexEntry,
  batch: readonly IndexEntry[],
  index: DeliveryIndex,
): Promise<IndexEntry[]> {
  if (resource === undefined) return [];
  const time = timeOf(eventKey);
  const known = await index.byResource(resource, { before: time + 1, limit: MAX_LOOKED_AT });
  const together = batch.filter((other) => other.resource === resource && timeOf(other.eventKey) <= time);
  return [...known, ...together]
    .filter((other) => other.eventKey !== eventKey)
    .sort((a, b) => (a.eventKey < b.eventKey ? -1 : 1));
}

function isDecision({ action }: IndexEntry): boolean {
  return action === "pipeline.approve" || action === "pipeline.reject";
}

function isService(principal: string): boolean {
  return (
    principal.startsWith("service:") ||
    principal.endsWith(".amazonaws.com") ||
    principal === "gatebook" ||
    principal.startsWith("gatebook:")
  );
}

function timeOf(eventKey: string): number {
  return Date.parse(eventKey.slice(0, eventKey.indexOf("#")));
}

function whoIn(entries: readonly IndexEntry[]): string[] {
  return [...new Set(entries.map(({ person, principal }) => person ?? principal))];
}
