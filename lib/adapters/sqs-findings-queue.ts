/** Findings as messages of an SQS queue, one each. */
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from "@aws-sdk/client-sqs";
import type { FindingsQueue } from "../core/evidence/findings-queue.ts";
import type { Finding } from "../core/record/finding.ts";
import { retryRest } from "./retry-rest.ts";

/** SQS's limits for one call. */
const MAX_MESSAGES_PER_CALL = 10;
const MAX_BYTES_PER_CALL = 1024 * 1024;

export function sqsFindingsQueue(options: { readonly client: SQSClient; readonly queueUrl: string }): FindingsQueue {
  const { client, queueUrl } = options;
  return {
    async send(findings) {
      for (const call of batches(findings.map(toMessageBody))) {
        const messages = call.map((MessageBody, i) => ({ Id: String(i), MessageBody }));
        await retryRest<SendMessageBatchRequestEntry>("sending findings", messages, async (rest) => {
          const { Failed = [] } = await client.send(
            new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: [...rest] }),
          );
          const failed = new Set(Failed.map(({ Id }) => Id));
          return rest.filter(({ Id }) => failed.has(Id));
        });
      }
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

function* batches(bodies: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const length = Buffer.byteLength(body);
    if (batch.length === MAX_MESSAGES_PER_CALL || (batch.length > 0 && bytes + length > MAX_BYTES_PER_CALL)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(body);
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}
