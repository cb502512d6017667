/** Each day: the access reviews of a new period are opened, and what is overdue is told. */
import type { ScheduledEvent } from "aws-lambda";
import { lookAtCampaigns } from "../lib/core/review/open-campaigns.ts";
import { CampaignEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";
import { reviewWorld } from "./review-world.ts";

const world = reviewWorld(CampaignEnv.parse(process.env));

export const handler = observed(async ({ time }: ScheduledEvent): Promise<void> => {
  // The schedule's time, not the clock's: Lambda repeats an attempt that failed, and its events must be the same again.
  const { opened, overdue } = await lookAtCampaigns(world, Date.parse(time));
  logger.info("access reviews were looked at", { opened, overdue });
});
