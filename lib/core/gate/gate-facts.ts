/** What is known of a delivery that waits at the gate, gathered from the index and the log. */
import { placementOf } from "../configuration/placement.ts";
import { GatebookError } from "../errors.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { type BatchEntries, batchEntries } from "../record/batch-entries.ts";
import { type Delivery, findDelivery } from "../record/delivery.ts";
import { type Authors, findAuthors } from "../record/delivery-authors.ts";
import { type DeliveryIndex, MAX_TRACE_ENTRIES } from "../record/delivery-index.ts";
import { isAtLeast } from "../record/finding.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { FAILURE } from "../record/ocsf.ts";
import { nodesAbove, nodesBelow } from "../record/trace-graph.ts";
import { isServicePrincipal } from "../sources/principal.ts";
import { evidenceProblems } from "./evidence-state.ts";
import { OVERRIDDEN } from "./gate-event.ts";
import type { GateQuestion } from "./gate-question.ts";
import type { GateWorld } from "./gate-world.ts";
import { type Known, knownOf } from "./known.ts";

/** Records fetched for one question: a delivery has a few starts and approvals. Whoever makes more hides what is among them. */
const MAX_RECORDS = 100;

export interface DeliveryPeople
  extends Pick<Delivery, "starters" | "approvers" | "committers" | "reviewers" | "editors"> {
  /** Something was recorded of the execution itself, beside what the gate said of it. */
  readonly isTold: boolean;
  /** The pipeline says that it was approved, and nothing says by whom. */
  readonly isApproverMissing: boolean;
  /** Of gatebook.yml: those that the execution's events touch. */
  readonly projects: readonly string[];
  /** Somebody was asked to approve it and has not answered: GitHub asks the gate and its reviewers at the same time. */
  readonly isAwaitingApproval: boolean;
}

export interface GateFacts {
  readonly people: Known<DeliveryPeople>;
  /** Of the delivery: starts, approvals, overrides, and what has a finding of the configured level. */
  readonly records: Known<readonly AuditRecord[]>;
  /** What is wrong with the evidence log. */
  readonly evidence: Known<readonly string[]>;
}

/** Never rejects: what could not be found out is among the facts. */
export async function gatherFacts(question: GateQuestion, world: GateWorld): Promise<GateFacts> {
  const entries = knownOf("what was recorded of the delivery", () => world.within(entriesOf(question, world)));
  const [people, records, evidence] = await Promise.all([
    entries.then((told) => peopleOf(question, told, world)),
    entries.then((told) => recordsOf(told, world)),
    knownOf("whether the evidence log is in order", async () => evidenceProblems(await world.within(world.evidence()))),
  ]);
  return { people, records, evidence };
}

/** What is made of several commits, and has builds of its own, is one delivery. */
async function entriesOf(question: GateQuestion, { index, now }: GateWorld): Promise<IndexEntry[]> {
  const said = batchEntries([asking(question, now())]);
  const above = await nodesAbove(question.trace, said, index);
  const below = await nodesBelow(question.trace, said, index);
  const told = await Promise.all([...new Set([...above, ...below])].map((node) => index.byTrace(node)));
  if (told.some((entries) => entries.length >= MAX_TRACE_ENTRIES)) {
    throw new GatebookError("UNAVAILABLE", "it has so many events that some of them were not looked at");
  }
  return told.flat();
}

async function peopleOf(
  question: GateQuestion,
  entries: Known<readonly IndexEntry[]>,
  { configuration, index, within, now }: GateWorld,
): Promise<Known<DeliveryPeople>> {
  if ("unknown" in entries) return entries;
  return knownOf("who took part in the delivery", async () => {
    const entry = asking(question, now());
    const said = batchEntries([entry]);
    const delivery = await within(findDelivery(entry, said, index));
    const { starters = [], approvers = [], editors = [] } = delivery ?? {};
    const { committers, reviewers } = await within(authorsOf(question, delivery, index));
    const own = entries.known.filter(({ trace, operation }) => trace === question.trace && !isOwnDoing(operation));
    const isApproved = own.some(({ action, status }) => action === "pipeline.approve" && status !== FAILURE);
    return {
      ...{ starters, approvers, committers, reviewers, editors },
      isTold: own.length > 0,
      projects: placementOf(configuration)(
        undefined,
        own.flatMap(({ resource }) => resource ?? []),
      ).projects,
      isApproverMissing: isApproved && approvers.length === 0,
      isAwaitingApproval: count(own, isAskedForReview) > count(own, isDecided),
    };
  });
}

function isAskedForReview({ operation }: IndexEntry): boolean {
  return operation === "deployment_review.requested";
}

function isDecided({ action }: IndexEntry): boolean {
  return action === "pipeline.approve" || action === "pipeline.reject";
}

function count(entries: readonly IndexEntry[], matches: (entry: IndexEntry) => boolean): number {
  return entries.filter(matches).length;
}

/** A commit is what it is made of itself: it is looked at as if an execution of it asked. */
async function authorsOf(
  { trace, madeOf = [] }: GateQuestion,
  delivery: Authors | undefined,
  index: DeliveryIndex,
): Promise<Authors> {
  if (delivery !== undefined && !trace.startsWith("commit:")) return delivery;
  const said: BatchEntries = batchEntries([{ ...asking({ trace: ASKING, madeOf: [trace, ...madeOf] }, 0) }]);
  return findAuthors(ASKING, said, index);
}

/** No trace of any source's is called so. */
const ASKING = "gate:asking";

/** The question as an event of the delivery: those that happened are looked at from there, and what the asker says that it is made of is linked. */
function asking({ trace, madeOf = [] }: Pick<GateQuestion, "trace" | "madeOf">, now: number): IndexEntry {
  const eventKey = `${new Date(now).toISOString()}#gate`;
  return {
    ...{ principal: "gatebook:gate", eventKey, action: "other", operation: "gate.asked", trace },
    ...(madeOf.length > 0 && { links: madeOf }),
  };
}

function isOwnDoing(operation: string): boolean {
  return operation.startsWith("gate.");
}

async function recordsOf(
  entries: Known<readonly IndexEntry[]>,
  { recordAt, within, configuration }: GateWorld,
): Promise<Known<readonly AuditRecord[]>> {
  // Said once, with the people.
  if ("unknown" in entries) return { known: [] };
  const { minimumFindingLevel } = configuration.gate;
  const isAsked = (entry: IndexEntry): boolean =>
    entry.operation === OVERRIDDEN ||
    (entry.finding !== undefined && isAtLeast(entry.finding, minimumFindingLevel)) ||
    isActOfSomebody(entry);
  const asked = entries.known.filter(isAsked).toSorted(byTime);
  const what = "the records of the delivery";
  if (asked.length > MAX_RECORDS) {
    return {
      unknown: `${what}: ${asked.length} starts, approvals and findings are more than can be looked at in time`,
    };
  }
  return knownOf(what, () =>
    within(
      Promise.all(
        asked.map(async ({ logIndex, shard = 0 }) => {
          const record = logIndex === undefined ? undefined : await recordAt({ shard, index: logIndex });
          if (record === undefined)
            throw new GatebookError("UNAVAILABLE", "one of them is not in the log yet: ask again in a minute");
          return record;
        }),
      ),
    ),
  );
}

function isActOfSomebody({ action, status, principal }: IndexEntry): boolean {
  const isAct = action === "pipeline.start" || action === "pipeline.approve";
  return isAct && status !== FAILURE && !isServicePrincipal(principal);
}

function byTime(a: IndexEntry, b: IndexEntry): number {
  return a.eventKey < b.eventKey ? -1 : 1;
}
