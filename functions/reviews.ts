/** Access reviews of roles, in a request that IAM has let in: shown, opened, and decided. */
import { answerReviewRequest } from "../lib/core/review/answer-review-request.ts";
import { ReviewsEnv } from "./env.ts";
import { answering } from "./iam-request.ts";
import { reviewWorld } from "./review-world.ts";

const world = reviewWorld(ReviewsEnv.parse(process.env));

export const handler = answering(
  {
    asked: "access reviews were asked about",
    broken: "This could not be done, which is a fault of Gatebook's own. Look with show, and ask again in a minute.",
  },
  (request) => answerReviewRequest(request, world),
);
