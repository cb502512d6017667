/** The holds of a log, read back from its own entries. */
import type { LogSource } from "../evidence/log-source.ts";
import { readEntries } from "../evidence/read-entries.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { decodeRecord } from "../record/decode-record.ts";
import { principalOf } from "../sources/principal.ts";
import { HELD, type Hold, type HoldAct, isHoldId, RELEASED, readReleaseReason, readScope } from "./hold.ts";

/** Most entries are not parsed. */
const TYPES = [HELD, RELEASED].map((type) => Buffer.from(JSON.stringify(type)));

export interface Holds {
  /** By id, in the order of the log. */
  readonly holds: ReadonlyMap<string, Hold>;
  /** Places of records that look like ours and say nothing that could have been carried out: nothing was held by them. */
  readonly unreadable: readonly number[];
}

/**
 * The whole log is read: the index forgets after 400 days, and a hold must not be forgotten.
 *
 * @param size of the log, its newest entries included
 */
export async function readHolds(log: LogSource, size: number, onProgress?: (entries: number) => void): Promise<Holds> {
  const holds = new Map<string, Hold>();
  const unreadable: number[] = [];
  for await (const { index, bytes } of readEntries(log, { size, from: 0, to: size })) {
    onProgress?.(index + 1);
    const entry = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!TYPES.some((type) => entry.includes(type))) continue;
    const record = decodeRecord(entry);
    if (isOurs(record) && !take(record, { index, size, holds })) unreadable.push(index);
  }
  return { holds, unreadable };
}

export function activeHolds({ holds }: Holds): Hold[] {
  return [...holds.values()].filter(({ released }) => released === undefined);
}

/** Whatever else says so in its own events, only what came through our own door says it as Gatebook. */
function isOurs({ event: { metadata } }: AuditRecord): boolean {
  const isType = metadata.event_code === HELD || metadata.event_code === RELEASED;
  return isType && metadata.product?.name === "Gatebook" && metadata.product.vendor_name === "Gatebook";
}

interface Place {
  readonly index: number;
  readonly size: number;
  readonly holds: Map<string, Hold>;
}

/** @returns whether it was understood */
function take(record: AuditRecord, { index, size, holds }: Place): boolean {
  const { event, person } = record;
  const id = event.resources?.[0]?.uid;
  if (id === undefined || !isHoldId(id)) return false;
  const known = holds.get(id);
  const act = (words: string): HoldAct => ({
    principal: principalOf(event),
    ...(person !== undefined && { person }),
    reason: words,
    time: event.time,
    index,
  });
  if (event.metadata.event_code === RELEASED) {
    const reason = readReleaseReason(event.unmapped);
    if (reason === undefined || known === undefined) return false;
    // The first one released it; whoever says so again changes nothing.
    holds.set(id, { released: act(reason), ...known });
    return true;
  }
  const scope = readScope(event.unmapped, size);
  // An id is used once: what claims it again cannot change what it holds.
  if (scope === undefined || known !== undefined) return false;
  const { reason: why, ...rest } = scope;
  holds.set(id, { id, ...rest, added: act(why) });
  return true;
}
