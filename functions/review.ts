/** The daily review of credentials: what it finds goes on record, and from there to the on-call. */
import { IAMClient } from "@aws-sdk/client-iam";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { ScheduledEvent } from "aws-lambda";
import { fetchCredentialReport } from "../lib/adapters/iam-credential-report.ts";
import { sqsIntakeQueue } from "../lib/adapters/sqs-intake-queue.ts";
import { reviewCredentials } from "../lib/core/review/review-credentials.ts";
import { ReviewEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";
import { readSettings } from "./settings.ts";

const env = ReviewEnv.parse(process.env);
const settings = readSettings();
const iam = new IAMClient();
const intake = sqsIntakeQueue({ client: new SQSClient(), queueUrl: env.INTAKE_QUEUE_URL });

export const handler = observed(async ({ id, time }: ScheduledEvent): Promise<void> => {
  const csv = await fetchCredentialReport(iam);
  // The schedule's time, not the clock's: Lambda repeats an attempt that failed, and its events must be the same again.
  const messages = reviewCredentials({ csv, settings, now: Date.parse(time), run: `review:${id}` });
  await intake.send(messages);
  logger.info("review completed", { messages: messages.length });
});
