/** Asks a running Gatebook about access reviews, as whoever runs the command. */
import * as z from "zod";
import { ReviewItem } from "../../lib/core/review/review-item.ts";
import { MAX_ITEMS, type ReviewRequest } from "../../lib/core/review/review-request.ts";
import { ShownCampaign } from "../../lib/core/review/shown-review.ts";
import { type IamCallChoice, type IamRoute, iamCall } from "./iam-call.ts";

const Shown = z.object({
  campaigns: z.array(ShownCampaign),
  unopened: z.array(z.string()),
  you: z.string().exactOptional(),
});
export type ShownReviews = z.infer<typeof Shown>;
const Decided = z.object({ items: z.array(ReviewItem) });

type Asked<Verb> = Extract<ReviewRequest, { do: Verb }>;

const REVIEWS: IamRoute = { urlIn: ({ ReviewsUrl }) => ReviewsUrl, of: "access reviews" };

export async function showReviews(project: string | undefined, choice: IamCallChoice): Promise<ShownReviews> {
  return Shown.parse(await call({ do: "show", ...(project !== undefined && { project }) }, choice));
}

export async function runReviews(choice: IamCallChoice): Promise<ShownReviews> {
  return Shown.parse(await call({ do: "run" }, choice));
}

/** @throws GatebookError `INPUT_INVALID` with the reason where it is refused: of more items than go at once, those before are decided */
export async function decideReview(
  { items, ...decision }: Omit<Asked<"decide">, "do">,
  choice: IamCallChoice,
): Promise<ReviewItem[]> {
  const decided: ReviewItem[] = [];
  for (let i = 0; i < items.length; i += MAX_ITEMS) {
    const some = items.slice(i, i + MAX_ITEMS);
    decided.push(...Decided.parse(await call({ do: "decide", ...decision, items: some }, choice)).items);
  }
  return decided;
}

function call(request: ReviewRequest, choice: IamCallChoice): Promise<unknown> {
  return iamCall(request, REVIEWS, choice);
}
