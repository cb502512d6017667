/** The holds of a log, read back from its own entries. */
import type { EntryPlace } from "../evidence/entry-place.ts";
import { readEntries } from "../evidence/read-entries.ts";
import type { ShardLog } from "../evidence/shard-log.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { decodeRecord } from "../record/decode-record.ts";
import { mergeInOrder } from "../search/merge-in-order.ts";
import { principalOf } from "../sources/principal.ts";
import { HELD, type Hold, type HoldAct, isHoldId, RELEASED, readReleaseReason, readScopes } from "./hold.ts";

/** Most entries are not parsed. */
const TYPES = [HELD, RELEASED].map((type) => Buffer.from(JSON.stringify(type)));

export interface Holds {
  /** By id, in the order of the log. */
  readonly holds: ReadonlyMap<string, Hold>;
  /** Places of records that look like ours and say nothing that could have been carried out: nothing was held by them. */
  readonly unreadable: readonly EntryPlace[];
}

interface Recorded extends EntryPlace {
  readonly record: AuditRecord;
}

/**
 * The whole log is read: the index forgets after 400 days, and a hold must not be forgotten.
 *
 * @param shards of the log, their newest entries included
 */
export async function readHolds(shards: readonly ShardLog[], onProgress?: (entry: EntryPlace) => void): Promise<Holds> {
  const sizes = new Map(shards.map(({ shard, size }) => [shard, size]));
  const recorded: Recorded[] = [];
  const ofShards = shards.map((shard) => ownRecords(shard, onProgress));
  for await (const each of mergeInOrder(ofShards, ({ record }) => record.event.time)) recorded.push(each);
  const holds = new Map<string, Hold>();
  // A release that lies in another shard than its hold may seem to come before it, by a clock that was behind.
  const isHold = ({ record }: Recorded): boolean => record.event.metadata.event_code === HELD;
  const understood = new Set([
    ...recorded.filter((each) => isHold(each) && hold(each, sizes, holds)),
    ...recorded.filter((each) => !isHold(each) && release(each, holds)),
  ]);
  const unreadable = recorded.filter((each) => !understood.has(each));
  return { holds, unreadable: unreadable.map(({ shard, index }) => ({ shard, index })) };
}

async function* ownRecords(
  { shard, log, size }: ShardLog,
  onProgress: ((entry: EntryPlace) => void) | undefined,
): AsyncGenerator<Recorded> {
  for await (const { index, bytes } of readEntries(log, { size, from: 0, to: size })) {
    onProgress?.({ shard, index });
    const entry = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!TYPES.some((type) => entry.includes(type))) continue;
    const record = decodeRecord(entry);
    if (isOurs(record)) yield { shard, index, record };
  }
}

export function activeHolds({ holds }: Holds): Hold[] {
  return [...holds.values()].filter(({ released }) => released === undefined);
}

/** Whatever else says so in its own events, only what came through our own door says it as Gatebook. */
function isOurs({ event: { metadata } }: AuditRecord): boolean {
  const isType = metadata.event_code === HELD || metadata.event_code === RELEASED;
  return isType && metadata.product?.name === "Gatebook" && metadata.product.vendor_name === "Gatebook";
}

/** @returns whether it was understood */
function hold(recorded: Recorded, sizes: ReadonlyMap<number, number>, holds: Map<string, Hold>): boolean {
  const { event } = recorded.record;
  const id = idOf(recorded);
  const read = readScopes(event.unmapped, sizes);
  // An id is used once: what claims it again cannot change what it holds.
  if (id === undefined || read === undefined || holds.has(id)) return false;
  holds.set(id, { id, scopes: read.scopes, added: actOf(recorded, read.reason) });
  return true;
}

/** @returns whether it was understood */
function release(recorded: Recorded, holds: Map<string, Hold>): boolean {
  const id = idOf(recorded);
  const known = id === undefined ? undefined : holds.get(id);
  const reason = readReleaseReason(recorded.record.event.unmapped);
  if (known === undefined || reason === undefined || isBefore(recorded, known.added)) return false;
  // The first one released it; whoever says so again changes nothing.
  holds.set(known.id, { released: actOf(recorded, reason), ...known });
  return true;
}

function isBefore({ shard, index }: EntryPlace, added: HoldAct): boolean {
  return shard === (added.shard ?? 0) && index < added.index;
}

function idOf({ record }: Recorded): string | undefined {
  const id = record.event.resources?.[0]?.uid;
  return id !== undefined && isHoldId(id) ? id : undefined;
}

function actOf({ record, shard, index }: Recorded, reason: string): HoldAct {
  const { event, person } = record;
  return {
    principal: principalOf(event),
    ...(person !== undefined && { person }),
    reason,
    time: event.time,
    index,
    ...(shard !== 0 && { shard }),
  };
}
