/** The records behind entries of the index. */
import { GatebookError } from "../errors.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import type { RecordAt } from "../second-look/record-at.ts";

/** @throws GatebookError `UNAVAILABLE` for what the index knows and the log does not show yet */
export function readRecords(entries: readonly IndexEntry[], recordAt: RecordAt): Promise<AuditRecord[]> {
  return Promise.all(
    entries.map(async ({ logIndex, shard = 0 }) => {
      const record = logIndex === undefined ? undefined : await recordAt({ shard, index: logIndex });
      if (record !== undefined) return record;
      throw new GatebookError("UNAVAILABLE", "one of the records is not in the log yet: ask again in a minute");
    }),
  );
}
