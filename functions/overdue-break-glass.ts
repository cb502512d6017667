/** Each hour: emergency access that nobody has explained in time is told. */
import { findOverdue } from "../lib/core/break-glass/find-overdue.ts";
import { emergencyWorld } from "./emergency-world.ts";
import { OverdueBreakGlassEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";

const world = emergencyWorld(OverdueBreakGlassEnv.parse(process.env));

export const handler = observed(async (): Promise<void> => {
  const { sessions, told } = await findOverdue(world, Date.now());
  if (sessions > 0) logger.info("break-glass sessions were looked at", { sessions, told });
});
