/** Who started and who approved the pipeline execution that an event belongs to. */
import type { IdentitiesOf } from "./approval-guards.ts";
import type { BatchEntries } from "./batch-entries.ts";
import { findAuthors, whoIn } from "./delivery-authors.ts";
import { type DeliveryFacts, findFacts, NO_FACTS } from "./delivery-facts.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { timeOf } from "./entry-time.ts";
import {
  actsIn,
  eventsAt,
  eventsOfExecution,
  findUnlinkedApproval,
  isDecision,
  isOutcome,
} from "./execution-events.ts";
import type { IndexEntry } from "./index-entry.ts";
import { FAILURE } from "./ocsf.ts";

/** The pipeline tells the outcome of an approval within seconds of the call that gave it. */
const OUTCOME_MS = 60_000;

export interface Delivery extends DeliveryFacts {
  /** The execution's id. */
  readonly trace: string;
  /** People by e-mail address, or principals that are nobody's. Services that carry out what people asked for are left out. */
  readonly starters: readonly string[];
  readonly approvers: readonly string[];
  /** Of an approval those before it, and of a start those before the last approval: what is rejected later was let pass against nobody's word. */
  readonly rejecters: readonly string[];
  /** Who let the execution pass by this event; of a start, whoever did before it was told. */
  readonly releasers: readonly string[];
  /** Who wrote what the execution delivers, and who reviewed it. */
  readonly committers: readonly string[];
  readonly reviewers: readonly string[];
  /** The decision of a person that this event of the pipeline itself is the outcome of, where nothing told its execution before. */
  readonly approval?: IndexEntry;
}

/**
 * `batch` holds the events that arrived together with this one, which the index cannot know yet. Either order of arrival gives the same
 * answer by the time that both sides are there: start and approval each look for the other.
 *
 * @param identitiesOf a person's other names, of which their rights may be changed too
 */
export async function findDelivery(
  entry: IndexEntry,
  batch: BatchEntries,
  index: DeliveryIndex,
  identitiesOf: IdentitiesOf = () => [],
): Promise<Delivery | undefined> {
  const trace = entry.trace ?? (await findAwaitingExecution(entry, batch, index));
  if (trace === undefined) return undefined;
  const approval = isOutcome(entry) ? await findUnlinkedApproval(entry, batch, index) : undefined;
  // The pipeline's own word that an approval was given: judged already, with the call of the person who gave it.
  if (isOutcome(entry) && approval === undefined) return undefined;

  const { told, acts } = await eventsOfExecution(trace, batch, index);
  const members = [...acts, ...actsIn(approval === undefined ? [entry] : [approval, entry])];
  const approvals = members.filter(({ action }) => action === "pipeline.approve");
  const own = approval ?? entry;
  const starts = members.filter(({ action }) => action === "pipeline.start");
  // What failed decided nothing.
  const isDecided = members.includes(entry) && isDecision(entry);
  const decision = isDecided ? entry : (approval ?? lastOf(members.filter(isDecision)));
  // Of a start that is told late, the changes after it have told themselves.
  const facts = { trace, starts, told, withLater: entry.action !== "pipeline.start" };
  return {
    trace,
    starters: whoIn(starts),
    approvers: whoIn(approvals),
    rejecters: whoIn(rejectionsUpTo(own.action === "pipeline.start" ? lastOf(approvals) : own, members)),
    releasers: whoIn(isDecision(own) ? approvals.filter((other) => other === own) : approvals),
    ...(await findAuthors(trace, batch, index)),
    ...(decision ? await findFacts({ ...facts, decision }, { batch, index, identitiesOf }) : NO_FACTS),
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

function rejectionsUpTo(decision: IndexEntry | undefined, members: readonly IndexEntry[]): readonly IndexEntry[] {
  const rejections = members.filter(({ action }) => action === "pipeline.reject");
  return decision === undefined ? rejections : rejections.filter((each) => timeOf(each) <= timeOf(decision));
}

function lastOf(entries: readonly IndexEntry[]): IndexEntry | undefined {
  return entries.toSorted((a, b) => timeOf(a) - timeOf(b)).at(-1);
}
