/** What became of a finding, for whoever watches: a line of log, a metric. */
import type { Notice } from "../lib/core/alerting/notify.ts";
import type { Finding } from "../lib/core/record/finding.ts";
import { logger, metrics } from "./observed.ts";

const METRICS: Readonly<Record<Notice["outcome"], string>> = {
  mailed: "FindingMailed",
  waiting: "FindingWaiting",
  suppressed: "FindingSuppressed",
  staged: "FindingStaged",
  "below-level": "FindingBelowLevel",
  "already-mailed": "FindingRedelivered",
};

export function reportNotice({ uid, rule }: Finding, notice: Notice): void {
  // "message" is the logger's own key.
  logger.info("finding", { finding: uid, rule: rule.id, notice });
  metrics.addMetric(METRICS[notice.outcome], "Count", 1);
  if (notice.outcome === "suppressed") metrics.addMetadata(`suppressed ${uid}`, notice.suppression.reason);
}
