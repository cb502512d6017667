/** Each minute: findings that waited are mailed together. */
import { flush } from "../lib/core/alerting/flush.ts";
import { alerting } from "./alerting.ts";
import { DigestEnv } from "./env.ts";
import { logger, metrics, observed } from "./observed.ts";

const world = alerting(DigestEnv.parse(process.env));

export const handler = observed(async (_: unknown, { awsRequestId: run }): Promise<void> => {
  const flushed = await flush({ ...world, run });
  if (flushed.outcome === "busy") logger.warn("another run mails what waited; this one leaves it to that");
  if (flushed.outcome === "busy" || flushed.findings === 0) return;
  logger.info("what waited", { ...flushed });
  metrics.addMetric("FindingCountedInMail", "Count", flushed.findings);
});
