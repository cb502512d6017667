/** A campaign: what people hold on one project when a period's review opens, and what is decided about it. */
import * as z from "zod";
import { bounded } from "../sources/fields.ts";
import { ReviewItem } from "./review-item.ts";

/** A trace is a key of the index. */
const MAX_TRACE_CHARS = 512;

export const VERDICTS = ["keep", "remove"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface CampaignName {
  /** `2026-Q4`, as `review.schedule` has it. */
  readonly period: string;
  readonly project: string;
}

export const OpenedItem = ReviewItem.extend({
  /** Nobody could certify it when the campaign opened: it is shown, and never due. */
  uncertifiable: z.literal(true).exactOptional(),
});
export type OpenedItem = Readonly<z.infer<typeof OpenedItem>>;

export interface Decision {
  readonly verdict: Verdict;
  /** E-mail address. */
  readonly by: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

export interface Campaign extends CampaignName {
  /** Epoch milliseconds. */
  readonly openedAt: number;
  readonly items: readonly OpenedItem[];
  /** The latest about each item, by its key. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** In its trace. */
  readonly events: number;
}

/** No other source's traces begin like this. */
export function traceOfCampaign({ period, project }: CampaignName): string {
  return bounded(`review:${period}/${project}`, MAX_TRACE_CHARS);
}
