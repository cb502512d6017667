/** Findings as messages of an SQS queue, one each. */
import type { FindingsQueue } from "../core/evidence/findings-queue.ts";
import { toEscapedJson } from "./escaped-json.ts";
import { type SqsQueue, sqsSendAll } from "./sqs-send-all.ts";

export function sqsFindingsQueue(queue: SqsQueue): FindingsQueue {
  return {
    async send(findings) {
      await sqsSendAll(
        queue,
        findings.map((finding) => ({ body: toEscapedJson(finding) })),
      );
    },
  };
}
