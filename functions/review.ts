/** The daily review of credentials: what it finds goes on record, and from there to the on-call. */
import { IAMClient } from "@aws-sdk/client-iam";
import type { ScheduledEvent } from "aws-lambda";
import { fetchCredentialReport } from "../lib/adapters/iam-credential-report.ts";
import { reviewCredentials } from "../lib/core/review/review-credentials.ts";
import { ReviewEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { logger, observed } from "./observed.ts";
import { readSettings } from "./settings.ts";

const env = ReviewEnv.parse(process.env);
const settings = readSettings();
const iam = new IAMClient();
const intake = intakeQueue(env);

export const handler = observed(async ({ id, time }: ScheduledEvent): Promise<void> => {
  const csv = await fetchCredentialReport(iam);
  // The schedule's time, not the clock's: Lambda repeats an attempt that failed, and its events must be the same again.
  const messages = reviewCredentials({ csv, settings, now: Date.parse(time), run: `review:${id}` });
  await intake.send(messages);
  logger.info("review completed", { messages: messages.length });
});
