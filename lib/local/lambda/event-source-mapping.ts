/** Polls a queue under a function's own key, invokes it with batches, and deletes what it has done (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). */
import type { SQSClient } from "@aws-sdk/client-sqs";
import { pause } from "../pause.ts";
import type { LocalFunction } from "./local-function.ts";
import { createQueueSource, type QueueSettings, type QueueSource } from "./queue-source.ts";
import { type SqsRecord, succeededRecords } from "./sqs-records.ts";

export interface MappingSettings extends QueueSettings {
  readonly reportsBatchItemFailures: boolean;
  readonly concurrency: number;
}

export interface Mapping {
  /** Ends the polling at once and waits for the batches under way. */
  stop(): Promise<void>;
}

/** Between attempts to reach a queue that refuses to be read. */
const RETRY_MS = 1_000;

export function startMapping(
  settings: MappingSettings,
  target: LocalFunction,
  client: SQSClient,
  onLog: (line: string) => void,
): Mapping {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pollers = Array.from({ length: settings.concurrency }, () => poll());
  return {
    async stop() {
      stopping.abort();
      await Promise.all(pollers);
    },
  };

  async function poll(): Promise<void> {
    const source = createQueueSource(settings, client, signal);
    while (!signal.aborted) {
      try {
        const batch = await source.next();
        if (batch.length > 0) await work(source, batch);
      } catch (error) {
        onLog(`Event source mapping of ${settings.queueArn}: ${String(error)}`);
        await pause(RETRY_MS, signal);
      }
    }
  }

  /** What fails stays in the queue until its visibility timeout ends, and goes to the dead letters when it has failed often enough. */
  async function work(source: QueueSource, records: readonly SqsRecord[]): Promise<void> {
    const { payload, error } = await target.invoke(Buffer.from(JSON.stringify({ Records: records })));
    if (error !== undefined) return;
    const done = settings.reportsBatchItemFailures ? succeededRecords(records, payload) : records;
    for (const reason of await source.remove(done)) onLog(`A message that is done could not be deleted: ${reason}`);
  }
}
