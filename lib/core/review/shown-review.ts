/** An access review as the route answers it, and the command line reads it. */
import * as z from "zod";
import type { Configuration } from "../configuration/configuration.ts";
import { VERDICTS } from "./campaign.ts";
import { ReviewItem } from "./review-item.ts";
import { type Campaigns, type ReviewedItem, standingOf } from "./standing.ts";

const time = z.int();

/** `open` and `to-remove` wait for somebody, without a due date where nobody could certify it at first; `nobody` is open, and nobody may. */
const STATES = ["open", "certified", "to-remove", "gone", "nobody"] as const;
type ItemState = (typeof STATES)[number];

const ShownItem = ReviewItem.extend({
  state: z.enum(STATES),
  certifiers: z.array(z.string()),
  decision: z.object({ verdict: z.enum(VERDICTS), by: z.string(), reason: z.string(), time }).exactOptional(),
  due: time.exactOptional(),
  isOverdue: z.boolean(),
});
export type ShownItem = z.infer<typeof ShownItem>;

export const ShownCampaign = z.object({
  project: z.string(),
  period: z.string(),
  openedAt: time,
  items: z.array(ShownItem),
});
export type ShownCampaign = z.infer<typeof ShownCampaign>;

export function shownCampaign(campaigns: Campaigns, configuration: Configuration, now: number): ShownCampaign {
  const { project, period, openedAt } = campaigns.current;
  return { project, period, openedAt, items: standingOf(campaigns, configuration, now).map(shown) };
}

function shown(reviewed: ReviewedItem): ShownItem {
  const { item, certifiers, decision, due, isOverdue } = reviewed;
  return {
    ...item,
    state: stateOf(reviewed),
    certifiers: [...certifiers],
    ...(decision !== undefined && { decision }),
    ...(due !== undefined && { due }),
    isOverdue,
  };
}

function stateOf({ isHeld, decision, certifiers }: ReviewedItem): ItemState {
  if (!isHeld) return "gone";
  if (decision?.verdict === "keep") return "certified";
  if (decision?.verdict === "remove") return "to-remove";
  return certifiers.length === 0 ? "nobody" : "open";
}
