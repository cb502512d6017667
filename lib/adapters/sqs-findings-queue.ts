/** Findings as messages of an SQS queue, one each. */
import type { FindingsQueue } from "../core/evidence/findings-queue.ts";
import type { Finding } from "../core/record/finding.ts";
import { type SqsQueue, sqsSendAll } from "./sqs-send-all.ts";

export function sqsFindingsQueue(queue: SqsQueue): FindingsQueue {
  return {
    async send(findings) {
      await sqsSendAll(
        queue,
        findings.map((finding) => ({ body: toMessageBody(finding) })),
      );
    },
  };
}

/**
 * SQS refuses U+FFFE and U+FFFF, and its emulators all that lies beyond the basic plane; JSON leaves both as they are. As escapes they pass: one
 * character from outside must not stop the log.
 */
function toMessageBody(finding: Finding): string {
  const toEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16)}`;
  return JSON.stringify(finding).replace(/[\ud800-\udfff\ufffe\uffff]/g, toEscape);
}
