/** An approval is bound to what was approved, the pipeline's definition and the commits: what changes one of them after it. */
import { type BatchEntries, NO_ENTRIES } from "./batch-entries.ts";
import { sourceEvents } from "./delivery-authors.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { timeOf } from "./entry-time.ts";
import { eventsOfExecution, isOutcome } from "./execution-events.ts";
import type { IndexEntry } from "./index-entry.ts";
import { FAILURE } from "./ocsf.ts";
import { isCommit, isExecution } from "./trace-graph.ts";

export type ChangedAfterApproval = "definition" | "source";

/** Of an execution that what happened belongs to, or changed. */
export interface ChangedExecution {
  readonly trace: string;
  readonly changed: ChangedAfterApproval;
  readonly starters: readonly IndexEntry[];
  readonly approvals: readonly IndexEntry[];
}

/** How far back to look for executions under way: the pipeline's latest events, a dozen an execution. */
const MAX_LOOKED_AT = 200;
/** Executions that are asked about, the latest first. */
const MAX_EXECUTIONS = 8;
/** An execution that was approved is delivered within hours; what changes its pipeline after that is the next one's. */
export const DELIVERED_WITHIN_MS = 24 * 60 * 60 * 1000;

const PIPELINE_TELLS = "CodePipeline Pipeline Execution State Change";
const ACTION_TELLS = "CodePipeline Action Execution State Change";

/** Whether an event may change what was approved: nothing is asked about others. */
export function mayChangeApproved(entry: IndexEntry): boolean {
  return isKindOfChange(entry) && (entry.action !== "other" || (entry.links ?? []).some(isCommit));
}

/** The same of an entry that was read back from the index, which has no links: only its record says for sure. */
export function isKindOfChange({ action, operation }: IndexEntry): boolean {
  return action === "pipeline.edit" || action === "source.push" || (action === "other" && operation === ACTION_TELLS);
}

/** The approved execution that an event changes, after its approval; undefined for every ordinary event. */
export async function findChangedExecution(
  entry: IndexEntry,
  batch: BatchEntries,
  index: DeliveryIndex,
): Promise<ChangedExecution | undefined> {
  if (entry.status === FAILURE || !mayChangeApproved(entry)) return undefined;
  const changed = entry.action === "pipeline.edit" ? "definition" : "source";
  for (const trace of (await executionsOf(entry, batch, index)).slice(0, MAX_EXECUTIONS)) {
    const { told, acts } = await eventsOfExecution(trace, batch, index);
    // That an approval was given the pipeline may tell before the call which gave it; a commit is judged with the call alone.
    const known = changed === "definition" ? [...acts, ...told.filter(isOutcome)] : acts;
    const approvals = known.filter(({ action }) => action === "pipeline.approve").filter(isBefore(entry));
    const starters = acts.filter(({ action }) => action === "pipeline.start");
    if (approvals.length > 0 && !isReported(entry, told, approvals)) return { trace, changed, starters, approvals };
  }
  return undefined;
}

function isBefore(entry: IndexEntry): (approval: IndexEntry) => boolean {
  const time = timeOf(entry);
  return (approval) => timeOf(approval) < time && timeOf(approval) > time - DELIVERED_WITHIN_MS;
}

/** Of a push that comes late: the pipeline itself has said that it took another commit after the approval. */
function isReported({ action, trace = "" }: IndexEntry, told: readonly IndexEntry[], approvals: readonly IndexEntry[]) {
  if (action !== "source.push") return false;
  const approved = Math.min(...approvals.map(timeOf));
  return told.some(
    (event) =>
      event.operation === ACTION_TELLS &&
      timeOf(event) > approved &&
      (event.links?.includes(trace) === true || event.finding !== undefined),
  );
}

async function executionsOf(entry: IndexEntry, batch: BatchEntries, index: DeliveryIndex): Promise<readonly string[]> {
  if (entry.action === "pipeline.edit") return executionsUnderWay(entry, batch, index);
  if (entry.action === "source.push") return executionsWith(entry, batch, index);
  return entry.trace === undefined ? [] : [entry.trace];
}

async function executionsUnderWay(
  { resource, ...entry }: IndexEntry,
  batch: BatchEntries,
  index: DeliveryIndex,
): Promise<readonly string[]> {
  if (resource === undefined) return [];
  const time = timeOf(entry);
  const known = await index.byResource(resource, { before: time, limit: MAX_LOOKED_AT });
  const together = batch.ofResource(resource).filter((other) => timeOf(other) < time);
  const events = [...known, ...together].sort((a, b) => (a.eventKey < b.eventKey ? 1 : -1));
  const ended = new Map<string, boolean>();
  for (const event of events) {
    const { trace } = event;
    if (trace !== undefined && event.operation === PIPELINE_TELLS && !ended.has(trace)) ended.set(trace, isEnd(event));
  }
  const traces = new Set(events.flatMap(({ trace }) => trace ?? []));
  return [...traces].filter((trace) => ended.get(trace) !== true);
}

/** What was tried again after its end is under way again. */
function isEnd({ operation, action }: IndexEntry): boolean {
  return operation === PIPELINE_TELLS && action !== "pipeline.start" && action !== "pipeline.retry";
}

/** When the execution ended first after that time; infinite where nothing has told. @param told the execution's events */
export function oldestEndAfter(time: number, told: readonly IndexEntry[]): number {
  return Math.min(...told.filter((event) => isEnd(event) && timeOf(event) > time).map(timeOf));
}

/** A commit that is pushed again, to another branch or as a tag, was there before. */
async function executionsWith(push: IndexEntry, batch: BatchEntries, index: DeliveryIndex): Promise<readonly string[]> {
  const { trace: commit } = push;
  if (commit === undefined || !isCommit(commit)) return [];
  const time = timeOf(push);
  const linked = await index.linksOf(commit);
  const together = batch
    .linksOf(commit)
    .filter((node) =>
      batch.ofTrace(node).some((event) => event.links?.includes(commit) === true && timeOf(event) <= time),
    );
  const executions = [...new Set([...linked, ...together])].filter(isExecution);
  if (executions.length === 0) return [];
  const others = [...(await index.byTrace(commit)), ...batch.ofTrace(commit)];
  return others.some((other) => isPush(other) && timeOf(other) < time) ? [] : executions;
}

/** Whether a commit of the execution was first pushed after the decision, as far as is recorded: events of the same batch judge themselves. */
export async function isSourceChangedAfter(
  decision: IndexEntry,
  execution: string,
  index: DeliveryIndex,
): Promise<boolean> {
  const pushes = (await sourceEvents(execution, NO_ENTRIES, index)).filter(isPush);
  const first = new Map<string, number>();
  for (const push of pushes) {
    const { trace = "" } = push;
    first.set(trace, Math.min(timeOf(push), first.get(trace) ?? Number.POSITIVE_INFINITY));
  }
  return [...first].some(([commit, time]) => isCommit(commit) && time > timeOf(decision));
}

function isPush({ action, status }: IndexEntry): boolean {
  return action === "source.push" && status !== FAILURE;
}
