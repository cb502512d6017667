/** Where an event would be judged otherwise now, by what is on record of its delivery. */
import type { AccessDecision } from "../access/access-decision.ts";
import { GatebookError } from "../errors.ts";
import { concurrently } from "../evidence/concurrently.ts";
import { type EntryPlace, formatPlace } from "../evidence/entry-place.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import type { Finding } from "../record/finding.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { rememberDeliveries } from "../record/remember-deliveries.ts";
import { entriesAround } from "./entries-around.ts";
import type { JudgeAgain } from "./judge-again.ts";
import type { RecordAt } from "./record-at.ts";
import { createSaid } from "./said.ts";
import { decisionEvent, findingEvent, isDecisionTold } from "./second-look-event.ts";

/** Each may have 15 MB on its way. */
const MAX_READ_AT_ONCE = 8;

export interface DifferenceWorld {
  readonly judge: JudgeAgain;
  readonly index: DeliveryIndex;
  readonly recordAt: RecordAt;
}

export interface Difference {
  /** The same by whichever event of its delivery it is seen: the index follows a little later. */
  readonly fact: string;
  /** For the intake queue. */
  readonly message: string;
}

/**
 * @param time what is told is told of this moment; lasting, however often it is looked at: the log knows an event by its id and its time
 * @throws GatebookError `UNAVAILABLE` for what cannot be read yet, `LOG_CORRUPT` for what is not as it was written
 */
export async function findDifferences(place: EntryPlace, time: number, world: DifferenceWorld): Promise<Difference[]> {
  const { judge, recordAt } = world;
  // Nothing that is asked twice of one delivery is looked up twice; of the next one more may be known.
  const index = rememberDeliveries(world.index);
  const record = await readRecord(place, recordAt);
  const viewed = await judge.view(record, index);
  const { trace } = viewed;
  const around = trace === undefined ? NOTHING : await entriesAround(viewed.record.entry, trace, index);
  const changes = await readAll(around.changes, recordAt);
  const records = [...(await readAll(around.saying, recordAt)), ...changes, record];

  const ofChanges: Finding[] = [];
  for (const change of changes) ofChanges.push(...(await judge.detect(await judge.view(change, index))));
  const own = await judge.decide(viewed, [...record.findings, ...(await judge.detect(viewed))]);
  const said = createSaid(judge.aboutChange);
  said.add(records.flatMap(({ findings }) => findings));
  // A change tells itself, before the approval tells it.
  const [newOfChanges, newOwn] = [said.takeNew(ofChanges), said.takeNew(own.findings)];
  const looked = { record, trace, time };
  const access = changedAccess(own.access, record, records);
  const differenceOf = (finding: Finding, now?: AccessDecision): Difference => ({
    fact: JSON.stringify([trace, finding.rule.id, judge.aboutChange.has(finding.rule.id) || finding.uid]),
    message: findingEvent(finding, looked, now),
  });
  const found = [
    ...newOfChanges.map((finding) => differenceOf(finding)),
    ...newOwn.map((finding) => differenceOf(finding, access)),
  ];
  if (access === undefined || newOwn.length > 0) return found;
  const message = decisionEvent(access, looked);
  return [...found, { fact: message, message }];
}

const NOTHING = { changes: [], saying: [] } as const;

/** @returns what the policy says now, where neither the record nor an earlier look says so */
function changedAccess(
  now: AccessDecision,
  record: AuditRecord,
  records: readonly AuditRecord[],
): AccessDecision | undefined {
  if (now.outcome === record.access.outcome || isDecisionTold(records, now, record)) return undefined;
  return now;
}

async function readAll(entries: readonly IndexEntry[], recordAt: RecordAt): Promise<AuditRecord[]> {
  const records = new Map<IndexEntry, AuditRecord>();
  await concurrently(MAX_READ_AT_ONCE, entries, async (entry) => {
    const { logIndex, shard = 0 } = entry;
    if (logIndex !== undefined) records.set(entry, await readRecord({ shard, index: logIndex }, recordAt));
  });
  return entries.flatMap((entry) => records.get(entry) ?? []);
}

async function readRecord(place: EntryPlace, recordAt: RecordAt): Promise<AuditRecord> {
  const record = await recordAt(place);
  if (record !== undefined) return record;
  throw new GatebookError("UNAVAILABLE", `the entry ${formatPlace(place)} is not in the log yet`);
}
