/** Watches the lengths of queues, as CloudWatch would, and tells once when one goes over its threshold. */
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { pause } from "./pause.ts";

export interface AlarmDefinition {
  readonly name: string;
  readonly description: string;
  readonly queue: string;
  readonly queueUrl: string;
  /** In alarm above it. */
  readonly threshold: number;
}

export interface RaisedAlarm extends AlarmDefinition {
  readonly messages: number;
}

/** CloudWatch looks once a minute. */
const DEFAULT_INTERVAL_MS = 2_000;

export interface AlarmOptions {
  onAlarm(alarm: RaisedAlarm): void;
  onFault(error: unknown): void;
  readonly intervalMs?: number;
}

/** @returns `stop` waits for the look under way. */
export function watchAlarms(
  alarms: readonly AlarmDefinition[],
  sqs: SQSClient,
  { onAlarm, onFault, intervalMs = DEFAULT_INTERVAL_MS }: AlarmOptions,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const raised = new Set<string>();

  async function look(alarm: AlarmDefinition): Promise<void> {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: alarm.queueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
    );
    const messages = Number(Attributes?.["ApproximateNumberOfMessages"]);
    if (messages <= alarm.threshold) {
      raised.delete(alarm.name);
    } else if (!raised.has(alarm.name)) {
      raised.add(alarm.name);
      onAlarm({ ...alarm, messages });
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      const looks = await Promise.allSettled(alarms.map(look));
      for (const result of looks) if (result.status === "rejected") onFault(result.reason);
      await pause(intervalMs, stopping.signal);
    }
  }

  const watching = alarms.length === 0 ? Promise.resolve() : watch();
  return {
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
