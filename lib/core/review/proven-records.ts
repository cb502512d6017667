/** Records of the log, each proved to be in it, for whoever has nothing to say where one is not. */
import { GatebookError } from "../errors.ts";
import { readRecords } from "../gate/record-reader.ts";
import type { ShardState } from "../gate/shard-trees.ts";
import type { CampaignLog } from "./read-campaign.ts";

/** @returns what rejects with `LOG_CORRUPT` for a record that is not as it was written, and with `UNAVAILABLE` for one that is not there yet */
export function provenRecords(evidence: () => Promise<readonly ShardState[]>): CampaignLog["read"] {
  return async (entries) => {
    if (entries.length === 0) return [];
    const { records, unproven } = await readRecords(await evidence(), entries);
    if (unproven.length > 0) throw new GatebookError("LOG_CORRUPT", unproven.join("; "));
    return records;
  };
}
