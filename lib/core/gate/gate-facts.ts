/** What is known of a delivery that waits at the gate, gathered from the index and the log. */
import { readWitnesses } from "../configuration/read-witnesses.ts";
import { GatebookError } from "../errors.ts";
import { keyName } from "../evidence/event-index.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { batchEntries } from "../record/batch-entries.ts";
import { MAX_TRACE_ENTRIES } from "../record/delivery-index.ts";
import { eventsOfExecution } from "../record/execution-events.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { MAX_NODES, nodesAbove, nodesBelow } from "../record/trace-graph.ts";
import { type EmergencyInDelivery, emergenciesIn } from "./break-glass-facts.ts";
import { decidedElsewhere, type Elsewhere, indexOfHere, withoutElsewhere } from "./decided-elsewhere.ts";
import { asking, type DeliveryPeople, findPeople } from "./delivery-people.ts";
import { type DeliveryRecords, NO_RECORDS, overridesOf, recordsOf } from "./delivery-records.ts";
import { evidenceProblems } from "./evidence-state.ts";
import type { GateQuestion } from "./gate-question.ts";
import type { GateWorld } from "./gate-world.ts";
import { type Known, knownOf } from "./known.ts";
import { watchEdits } from "./last-edits.ts";
import { readRecords } from "./record-reader.ts";
import { findReview, type ReviewFacts } from "./review-facts.ts";
import type { ShardState } from "./shard-trees.ts";

export interface GateFacts {
  readonly people: Known<DeliveryPeople>;
  /** Of the delivery: starts, approvals, overrides, what has a finding of the configured level, and what else people did. */
  readonly records: Known<readonly AuditRecord[]>;
  /** Those among them; read by themselves where the others are not known. */
  readonly overrides: readonly AuditRecord[];
  /** What was done in it with the access that is kept for emergencies. */
  readonly emergencies: Known<readonly EmergencyInDelivery[]>;
  /** Who is overdue in the access review; nothing where neither index nor log answers, which is said elsewhere. */
  readonly review: Known<ReviewFacts | undefined>;
  /** What is wrong with the evidence log as a whole. */
  readonly evidence: Known<readonly string[]>;
  /** When the log last grew, epoch milliseconds; nothing where it never did. */
  readonly recordedLast: number | undefined;
  /** What is wrong with the delivery's own entries in it. */
  readonly unproven: readonly string[];
  /** Acts that nobody proved to be in the log, since there are too many. */
  readonly unread: number;
  /** What was decided for other environments of the same run. */
  readonly elsewhere: Elsewhere;
}

/** Never rejects: what could not be found out is among the facts. */
export async function gatherFacts(question: GateQuestion, world: GateWorld): Promise<GateFacts> {
  const { configuration, within } = world;
  const [entries, shards] = await Promise.all([
    knownOf("what was recorded of the delivery", () => within(entriesOf(question, world))),
    knownOf(EVIDENCE, () => within(world.evidence())),
  ]);
  const [records, evidence, emergencies, review] = await Promise.all([
    recordsFor(entries, shards, world),
    evidenceOf(shards, world),
    emergenciesOf(entries, shards, world),
    reviewOf(question, entries, shards, world),
  ]);
  const reviewed = "known" in review ? (review.known?.unproven ?? []) : [];
  const { records: read, unproven, unread } = "known" in records ? records.known : NO_RECORDS;
  const elsewhere = decidedElsewhere(read, question, configuration);
  const recorded = read.map(({ record }) => record);
  const isWhole = "known" in entries && "known" in records;
  const [people, overrides] = await Promise.all([
    peopleOf(question, entries, { shards, elsewhere }, world),
    isWhole || "unknown" in shards ? recorded : overridesOf(question.trace, shards.known, world),
  ]);
  const edited = "known" in people ? people.known.unproven : [];
  return {
    people: "known" in people ? { known: people.known.people } : people,
    records: "known" in records ? { known: recorded } : records,
    ...{ overrides, evidence, emergencies, review, unread, elsewhere },
    unproven: [...unproven, ...reviewed, ...edited],
    recordedLast: "known" in shards ? lastOf(shards.known) : undefined,
  };
}

function lastOf(shards: readonly ShardState[]): number | undefined {
  const times = shards.flatMap(({ head }) => head?.updated ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

const EVIDENCE = "whether the evidence log is in order";

/** What is made of several commits, and has builds of its own, is one delivery. Calls that name no execution are found where it waited for them. */
async function entriesOf(question: GateQuestion, { index, now }: GateWorld): Promise<IndexEntry[]> {
  const said = batchEntries([asking(question, now())]);
  const above = await nodesAbove(question.trace, said, index);
  const below = await nodesBelow(question.trace, said, index);
  // Who wrote what was left out is not known. Of what was made of one commit again and again, some is left out by design.
  if (above.length >= MAX_NODES) {
    throw new GatebookError("UNAVAILABLE", "it is made of so many commits that some of them were not looked at");
  }
  const [{ acts }, ...told] = await Promise.all([
    eventsOfExecution(question.trace, batchEntries([]), index),
    ...[...new Set([...above, ...below])].map((node) => index.byTrace(node)),
  ]);
  if (told.some(({ length }) => length >= MAX_TRACE_ENTRIES)) {
    throw new GatebookError("UNAVAILABLE", "it has so many events that some of them were not looked at");
  }
  const entries = told.flat();
  const names = new Set(entries.map(keyName));
  return [...entries, ...acts.filter((act) => !names.has(keyName(act)))];
}

/** Where neither index nor log answer, that is said with the people and the evidence. */
async function recordsFor(
  entries: Known<readonly IndexEntry[]>,
  shards: Known<readonly ShardState[]>,
  { configuration: { gate }, within }: GateWorld,
): Promise<Known<DeliveryRecords>> {
  if ("unknown" in entries || "unknown" in shards) return { known: NO_RECORDS };
  return recordsOf(entries.known, shards.known, { gate, within });
}

/** An explanation that is not proved to be in the log is none. */
async function emergenciesOf(
  entries: Known<readonly IndexEntry[]>,
  shards: Known<readonly ShardState[]>,
  { index, within }: GateWorld,
): Promise<Known<readonly EmergencyInDelivery[]>> {
  if ("unknown" in entries || "unknown" in shards) return { known: [] };
  const read = async (asked: readonly IndexEntry[]) =>
    (await readRecords(shards.known, asked)).records.map(({ record }) => record);
  const what = "whether break-glass access in it was explained";
  return knownOf(what, () => within(emergenciesIn(entries.known, { index, read })));
}

async function evidenceOf(
  shards: Known<readonly ShardState[]>,
  { configuration, verifierKey, within }: GateWorld,
): Promise<Known<readonly string[]>> {
  if ("unknown" in shards) return shards;
  return knownOf(EVIDENCE, async () => {
    const witnesses = readWitnesses(configuration.evidence.witnesses).map(({ key }) => key);
    return within(verifierKey().then((log) => evidenceProblems(shards.known, { log, witnesses })));
  });
}

async function reviewOf(
  question: GateQuestion,
  entries: Known<readonly IndexEntry[]>,
  shards: Known<readonly ShardState[]>,
  { configuration, index, within, now }: GateWorld,
): Promise<GateFacts["review"]> {
  if ("unknown" in entries || "unknown" in shards) return { known: undefined };
  return knownOf("whether anybody in it is overdue in the access review", () =>
    within(findReview(question, shards.known, { configuration, index, now: now() })),
  );
}

interface ProvenPeople {
  readonly people: DeliveryPeople;
  readonly unproven: readonly string[];
}

async function peopleOf(
  question: GateQuestion,
  entries: Known<readonly IndexEntry[]>,
  { shards, elsewhere }: { readonly shards: Known<readonly ShardState[]>; readonly elsewhere: Elsewhere },
  { configuration, index, within, now }: GateWorld,
): Promise<Known<ProvenPeople>> {
  if ("unknown" in entries) return entries;
  const here = withoutElsewhere(entries.known, elsewhere);
  const watch = watchEdits(indexOfHere(index, elsewhere));
  const find = async (): Promise<ProvenPeople> => {
    const people = await findPeople(question, here, { configuration, index: watch.index, now: now() });
    if ("unknown" in shards) return { people, unproven: [] };
    return { people, unproven: (await readRecords(shards.known, watch.lastBy(people.editors))).unproven };
  };
  return knownOf("who took part in the delivery", () => within(find()));
}
