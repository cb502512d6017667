/** Asks a running Gatebook about access reviews, as whoever runs the command. */
import * as z from "zod";
import { GatebookError } from "../../lib/core/errors.ts";
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
    const answer = await call({ do: "decide", ...decision, items: some }, choice).catch((error: unknown) => {
      throw decided.length === 0 ? error : afterSome(decided.length, error);
    });
    decided.push(...Decided.parse(answer).items);
  }
  return decided;
}

/** What is on record stays there: whoever reads only that it failed would think that nothing was decided. */
function afterSome(count: number, cause: unknown): GatebookError {
  const { code = "UNAVAILABLE", message } = cause instanceof GatebookError ? cause : { message: String(cause) };
  return new GatebookError(code, `the first ${count} are decided; of the others: ${message}`, { cause });
}

function call(request: ReviewRequest, choice: IamCallChoice): Promise<unknown> {
  return iamCall(request, REVIEWS, choice);
}
