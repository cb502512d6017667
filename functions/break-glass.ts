/** What was done with emergency access, in a request that IAM has let in: listed, and explained. */
import { answerBreakGlassRequest } from "../lib/core/break-glass/answer-break-glass-request.ts";
import { emergencyWorld } from "./emergency-world.ts";
import { BreakGlassEnv } from "./env.ts";
import { answering } from "./iam-request.ts";

const world = emergencyWorld(BreakGlassEnv.parse(process.env));

export const handler = answering(
  {
    asked: "break-glass access was asked about",
    broken: "This could not be done, which is a fault of Gatebook's own. Look at the list, and ask again in a minute.",
  },
  (request) => answerBreakGlassRequest(request, world),
);
