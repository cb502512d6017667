/** Each minute: approvals and merges that were judged before all of their delivery was known are judged again. */
import { within } from "../lib/adapters/within.ts";
import { lookAgain } from "../lib/core/second-look/look-again.ts";
import { SecondLookEnv } from "./env.ts";
import { logger, metrics, observed } from "./observed.ts";
import { secondLook } from "./second-look-world.ts";

const world = secondLook(SecondLookEnv.parse(process.env));
/** For one look at a delivery of a thousand events, and for telling what it came to. */
const MIN_LOOK_MS = 12_000;
const LOOK_LIMIT_MS = 10_000;

export const handler = observed(async (_: unknown, context): Promise<void> => {
  const hasTime = (): boolean => context.getRemainingTimeInMillis() > MIN_LOOK_MS;
  const looked = await lookAgain({ ...world, hasTime, within: within(LOOK_LIMIT_MS) });
  if (looked.looks === 0) return;
  logger.info("looked again", { ...looked });
  metrics.addMetric("SecondLookFound", "Count", looked.told);
});
