/** Gathers batches out of a queue, and deletes what is done. */
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandOutput,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { pause } from "../pause.ts";
import { MAX_PAYLOAD_BYTES } from "./runtime-api.ts";
import { type SqsRecord, toSqsRecord } from "./sqs-records.ts";

/** SQS hands out ten at once. */
const SQS_BATCH = 10;
const LONG_POLL_SECONDS = 20;
const SHORT_POLL_MS = 100;
/** `{"Records":[…]}` around the records. */
const ENVELOPE_BYTES = 14;

export interface QueueSettings {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly windowMs: number;
}

export interface QueueSource {
  /** What one receive brings, or with a window, what comes until the batch is full or the window closes. May be empty. */
  next(): Promise<readonly SqsRecord[]>;
  /** Says why where a message could not be deleted. */
  remove(records: readonly SqsRecord[]): Promise<readonly string[]>;
}

export function createQueueSource(settings: QueueSettings, client: SQSClient, stopping: AbortSignal): QueueSource {
  const { queueUrl, queueArn, batchSize, windowMs } = settings;
  let left: readonly SqsRecord[] = [];

  async function gather(): Promise<readonly SqsRecord[]> {
    const records = [...(left.length > 0 ? left : await receive(batchSize, LONG_POLL_SECONDS))];
    const closes = Date.now() + windowMs;
    while (records.length > 0 && records.length < batchSize && sizeOf(records) < MAX_PAYLOAD_BYTES) {
      const remaining = closes - Date.now();
      if (remaining <= 0 || stopping.aborted) break;
      const waitSeconds = Math.floor(remaining / 1000);
      const more = await receive(batchSize - records.length, Math.min(waitSeconds, LONG_POLL_SECONDS));
      records.push(...more);
      // A long poll waits for whole seconds only.
      if (more.length === 0 && waitSeconds === 0) await pause(Math.min(remaining, SHORT_POLL_MS), stopping);
    }
    return records;
  }

  async function receive(atMost: number, waitSeconds: number): Promise<readonly SqsRecord[]> {
    const { Messages = [] } = await unlessStopping(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(atMost, SQS_BATCH),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );
    return Messages.map((message) => toSqsRecord(message, queueArn));
  }

  /** Stopping ends a long poll with nothing, so that what was gathered before is still worked on. */
  async function unlessStopping(
    command: ReceiveMessageCommand,
  ): Promise<Pick<ReceiveMessageCommandOutput, "Messages">> {
    try {
      return await client.send(command, { abortSignal: stopping });
    } catch (error) {
      if (stopping.aborted) return {};
      throw error;
    }
  }

  return {
    async next() {
      const { batch, rest } = splitBySize(await gather());
      left = rest;
      return batch;
    },
    async remove(records) {
      const failures: string[] = [];
      for (let start = 0; start < records.length; start += SQS_BATCH) {
        const entries = records.slice(start, start + SQS_BATCH);
        const { Failed = [] } = await client.send(
          new DeleteMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: entries.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
          }),
        );
        failures.push(...Failed.map(({ Message, Code }) => Message ?? Code ?? "no reason given"));
      }
      return failures;
    },
  };
}

/** What does not fit into one invocation waits for the next. */
function splitBySize(records: readonly SqsRecord[]): { batch: readonly SqsRecord[]; rest: readonly SqsRecord[] } {
  let size = ENVELOPE_BYTES;
  let count = 0;
  for (const record of records) {
    size += Buffer.byteLength(JSON.stringify(record)) + 1;
    if (size > MAX_PAYLOAD_BYTES && count > 0) break;
    count += 1;
  }
  return { batch: records.slice(0, count), rest: records.slice(count) };
}

function sizeOf(records: readonly SqsRecord[]): number {
  return records.reduce((total, { body }) => total + body.length, 0);
}
