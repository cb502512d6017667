/** The campaign of a project that stands now, with the one before it. */
import type { Configuration } from "../configuration/configuration.ts";
import { type CampaignLog, readCampaign } from "./read-campaign.ts";
import type { ReviewItem } from "./review-item.ts";
import { periodsAt } from "./review-period.ts";
import type { Campaigns } from "./standing.ts";

/**
 * In the first hours of a period its campaign may not be open yet: until then the one before it stands.
 *
 * @param now epoch milliseconds
 * @returns undefined where neither was opened
 * @throws GatebookError `UNAVAILABLE`
 */
export async function readCampaigns(
  project: string,
  { configuration, now, ...log }: CampaignLog & { readonly configuration: Configuration; readonly now: number },
  isAsked?: (item: ReviewItem) => boolean,
): Promise<Campaigns | undefined> {
  const periods = periodsAt(configuration, now);
  const [current, previous] = await Promise.all([
    readCampaign({ period: periods.current, project }, log, isAsked),
    readCampaign({ period: periods.previous, project }, log, isAsked),
  ]);
  if (current === undefined) return previous && { current: previous };
  return { current, ...(previous !== undefined && { previous }) };
}
