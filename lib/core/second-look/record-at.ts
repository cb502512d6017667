/** Records read back from the log by their place: what the recorder itself has noted is not proved anew. */
import type { EntryPlace } from "../evidence/entry-place.ts";
import type { HeadStore } from "../evidence/head.ts";
import type { LogSource } from "../evidence/log-source.ts";
import { readEntry } from "../evidence/read-entries.ts";
import { shardLog } from "../evidence/shard-stores.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { decodeRecord } from "../record/decode-record.ts";

/** Undefined for a place behind the head; rejects with `LOG_CORRUPT` for an entry that is not as it was written. */
export type RecordAt = (place: EntryPlace) => Promise<AuditRecord | undefined>;

/** @param headOf one shard's */
export function recordsIn(all: LogSource, headOf: (shard: number) => Pick<HeadStore, "read">): RecordAt {
  return async ({ shard, index }) => {
    const head = await headOf(shard).read();
    const bytes = head && (await readEntry(shardLog(all, shard), head.size, index));
    return bytes && decodeRecord(bytes);
  };
}
