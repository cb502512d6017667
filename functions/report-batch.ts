/** What became of a batch of messages, for those who read logs and metrics. */
import type { BatchOutcome } from "../lib/core/record/record-batch.ts";
import { logger, metrics } from "./observed.ts";

export function reportBatch({ recorded, duplicates, rejected, postponed }: BatchOutcome): void {
  for (const { id, reason } of rejected) logger.warn("rejected a message", { id, reason });
  for (const { id, error } of postponed) logger.warn("a message has to come again", { id, error: error as Error });
  logger.info("recorded", { recorded, duplicates, rejected: rejected.length, postponed: postponed.length });
  metrics.addMetric("Recorded", "Count", recorded);
  metrics.addMetric("Duplicates", "Count", duplicates);
  metrics.addMetric("Rejected", "Count", rejected.length);
  metrics.addMetric("Postponed", "Count", postponed.length);
}
