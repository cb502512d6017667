/** What AWS would bill for a thousand events: the functions' calls, counted in the local cloud, and DynamoDB's write units by its items' sizes. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { LOCAL_OWNER, LOCAL_OWNER_KEY } from "../lib/local/aws-service.ts";
import { createClients, settingsFor } from "../lib/local/clients.ts";
import { type Cloud, type CloudOptions, startCloud } from "../lib/local/cloud.ts";
import { withAssembly } from "./assembly.ts";
import { distinctMessages } from "./events.ts";
import type { Measurement } from "./measurement.ts";
import { priceOf } from "./price.ts";
import { largestUnits, unitsPerEvent } from "./write-units.ts";

const BENCHMARK = "aws-calls";
const EVENTS = 1_000;
/** Recorded before: neither an empty log nor a cold function is what each batch meets. */
const FIRST_EVENTS = 50;
/** SQS takes ten at once. */
const MESSAGES_TO_A_CALL = 10;
const CALLS_BOUND = { of: "value", atMost: 40 } as const;
const WRITE_UNITS_BOUND = { of: "value", atMost: 3 } as const;
const BOUNDED_SERVICES: ReadonlySet<string> = new Set(["s3", "sqs", "kms", "lambda"]);

/** Done by AWS's pollers under a function's role, at their own pace. */
const POLLING: ReadonlySet<string> = new Set(["ReceiveMessage", "DeleteMessageBatch"]);
const SINGLE_WRITES: ReadonlySet<string> = new Set(["PutItem", "UpdateItem", "DeleteItem"]);

/** In the names of what the construct of that name makes. */
const ALERTING = "Alerting";

/** Messages stay hidden so long: the pollers then find all of them at once. */
const SENDING_MS = 5_000;
const POLL_MS = 100;
/** Without a call of a function, when all is recorded: by then the findings have been mailed too. */
const QUIET_MS = 2_500;
const MAX_WAIT_MS = 120_000;

interface Seen {
  /** How often each was called, by `service Operation`, polling aside. */
  readonly calls: Map<string, number>;
  /** Those of them that the functions behind the findings queue made. */
  readonly alerting: Map<string, number>;
  recorded: number;
  lastCallAt: number;
  /** The function that records. */
  recorder: string;
}

type Send = (messages: readonly string[]) => Promise<unknown>;

export function measureAwsCalls(): Promise<Measurement[]> {
  return withAssembly(async (assembly, directory) => {
    const seen: Seen = { calls: new Map(), alerting: new Map(), recorded: 0, lastCallAt: 0, recorder: "" };
    const cloud = await startCloud({ assembly, directory, port: 0, ...watching(seen) });
    const clients = createClients(cloud.url, LOCAL_OWNER_KEY);
    const lambda = new LambdaClient(settingsFor(cloud.url, LOCAL_OWNER_KEY));
    try {
      const messages = distinctMessages(FIRST_EVENTS + 2 * EVENTS);
      const queue = throughQueue(clients.sqs, cloud.outputs["IntakeQueueUrl"] ?? "");
      await recordAll(messages.splice(0, FIRST_EVENTS), queue, seen);
      const queued = callsOf(await recordAll(messages.splice(0, EVENTS), queue, seen), "by the queue's pollers");
      const calls = await recordAll(messages, asOneBatch(lambda, seen.recorder), seen);
      const [total, ...byOperation] = callsOf(calls, "in one full batch");
      const units = await unitsOf(clients.dynamodb, cloud, calls, seen);
      const price = priceOf({ events: EVENTS, calls, writeUnitsPerEvent: units.at(-1)?.value ?? 0 });
      const bounded = total ? [{ ...total, bound: CALLS_BOUND }] : [];
      return [...queued.slice(0, 1), ...bounded, ...byOperation, ...units, ...price];
    } finally {
      clients.close();
      lambda.destroy();
      await cloud.close();
    }
  });
}

function watching(seen: Seen): Required<Pick<CloudOptions, "onCall" | "onLog">> {
  return {
    onCall({ service, operation, caller }) {
      if (caller === LOCAL_OWNER || POLLING.has(operation)) return;
      const name = `${service} ${operation}`;
      seen.calls.set(name, (seen.calls.get(name) ?? 0) + 1);
      if (caller.includes(ALERTING)) seen.alerting.set(name, (seen.alerting.get(name) ?? 0) + 1);
      seen.lastCallAt = performance.now();
    },
    onLog(functionName, line) {
      const recorded = /"message":"recorded".*"recorded":(\d+)/.exec(line)?.[1];
      if (recorded === undefined) return;
      seen.recorded += Number(recorded);
      seen.recorder = functionName;
    },
  };
}

/** The pollers, two at least, share what they find: each makes a batch of its part. */
function throughQueue(sqs: SQSClient, queueUrl: string): Send {
  return async (messages) => {
    const visibleAt = performance.now() + SENDING_MS;
    for (let from = 0; from < messages.length; from += MESSAGES_TO_A_CALL) {
      const DelaySeconds = Math.max(0, Math.ceil((visibleAt - performance.now()) / 1_000));
      const Entries = messages
        .slice(from, from + MESSAGES_TO_A_CALL)
        .map((MessageBody, i) => ({ Id: String(i), MessageBody, DelaySeconds }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  };
}

function asOneBatch(lambda: LambdaClient, functionName: string): Send {
  return async (messages) => {
    const Records = messages.map((body, i) => ({ messageId: String(i), body }));
    const Payload = JSON.stringify({ Records });
    const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
    if (FunctionError !== undefined) throw new Error(`the batch failed: ${FunctionError}`);
  };
}

/** @returns how often each operation was called meanwhile */
async function recordAll(messages: readonly string[], send: Send, seen: Seen): Promise<ReadonlyMap<string, number>> {
  seen.calls.clear();
  seen.alerting.clear();
  const goal = seen.recorded + messages.length;
  await send(messages);
  const started = performance.now();
  while (seen.recorded < goal || performance.now() - seen.lastCallAt < QUIET_MS) {
    if (performance.now() - started > MAX_WAIT_MS) {
      throw new Error(`${goal - seen.recorded} of ${messages.length} events were not recorded in time`);
    }
    await sleep(POLL_MS);
  }
  return new Map(seen.calls);
}

function callsOf(calls: ReadonlyMap<string, number>, how: string): Measurement[] {
  const billed = sumOf(calls, (service) => BOUNDED_SERVICES.has(service));
  const work = `${EVENTS.toLocaleString("en")} events ${how}`;
  const byName = [...calls].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    { benchmark: BENCHMARK, work, value: billed, unit: "S3/SQS/KMS/Lambda calls" },
    ...byName.map(([name, value]) => ({ benchmark: BENCHMARK, work: `  ${name}`, value, unit: "calls" })),
  ];
}

/** Of findings there are as many as the samples make, most of which are about something: ordinary events make hardly any. */
async function unitsOf(client: DynamoDBClient, { outputs }: Cloud, calls: ReadonlyMap<string, number>, seen: Seen) {
  const table = outputs["IndexTable"] ?? "";
  const index = await unitsPerEvent(client, table);
  const isSingle = (service: string, operation: string): boolean =>
    service === "dynamodb" && SINGLE_WRITES.has(operation);
  const alerting = sumOf(seen.alerting, isSingle);
  const single = sumOf(calls, isSingle) - alerting;
  const isAlerts = (name: string): boolean => name.includes(ALERTING);
  const others = (single * (await largestUnits(client, (name) => name !== table && !isAlerts(name)))) / EVENTS;
  const alerts = (alerting * (await largestUnits(client, isAlerts))) / EVENTS;
  const unit = "write units/event";
  return [
    { benchmark: BENCHMARK, work: "DynamoDB, the alerts of these samples", value: alerts, unit },
    { benchmark: BENCHMARK, work: "DynamoDB, the index alone", value: index, unit },
    { benchmark: BENCHMARK, work: "DynamoDB, recording", value: index + others, unit, bound: WRITE_UNITS_BOUND },
  ];
}

function sumOf(calls: ReadonlyMap<string, number>, counts: (service: string, operation: string) => boolean): number {
  return [...calls].reduce((sum, [name, count]) => {
    const [service = "", operation = ""] = name.split(" ");
    return counts(service, operation) ? sum + count : sum;
  }, 0);
}
