/** Where findings leave the record path for the alerts. */
import type { Finding } from "../record/finding.ts";

/**
 * Takes findings at least once each: after a crash the same findings are sent again, and receivers drop those whose `uid` they have seen.
 * Findings are durable once `send` resolves. When it rejects, some of them may have been sent.
 */
export interface FindingsQueue {
  send(findings: readonly Finding[]): Promise<void>;
}
