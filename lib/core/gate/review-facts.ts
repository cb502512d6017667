/** Who is overdue in the access review, where a delivery wants to go. */
import type { Configuration } from "../configuration/configuration.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import type { ReviewItem } from "../review/review-item.ts";
import { type ReviewedItem, standingOf } from "../review/standing.ts";
import { readCampaigns } from "../review/standing-campaign.ts";
import type { GatePlace } from "./gate-question.ts";
import { readRecords } from "./record-reader.ts";
import type { ShardState } from "./shard-trees.ts";

export interface ReviewFacts {
  /** A campaign of the project has been opened. */
  readonly isOpen: boolean;
  /** On the project, and in the environment that is asked about. */
  readonly overdue: readonly ReviewedItem[];
  /** What is wrong with the campaign's own entries in the log. */
  readonly unproven: readonly string[];
}

interface ReviewWorld {
  readonly configuration: Configuration;
  readonly index: Pick<DeliveryIndex, "byTrace">;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** @throws GatebookError `UNAVAILABLE` where a campaign cannot be read whole */
export async function findReview(
  { project, environment }: GatePlace,
  shards: readonly ShardState[],
  { configuration, index, now }: ReviewWorld,
): Promise<ReviewFacts> {
  const unproven: string[] = [];
  const log = {
    index,
    async read(entries: Parameters<typeof readRecords>[1]) {
      const read = await readRecords(shards, entries);
      unproven.push(...read.unproven);
      return read.records;
    },
  };
  const isThere = (item: ReviewItem): boolean => item.environment === undefined || item.environment === environment;
  const campaigns = await readCampaigns(project, { ...log, configuration, now }, isThere);
  const items = campaigns === undefined ? [] : standingOf(campaigns, configuration, now);
  const overdue = items.filter(({ item, isOverdue }) => isOverdue && isThere(item));
  return { isOpen: campaigns !== undefined, overdue, unproven };
}
