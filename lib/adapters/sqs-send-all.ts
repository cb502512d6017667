/** Sending any number of messages to an SQS queue, in as few calls as its limits allow. */
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from "@aws-sdk/client-sqs";
import { retryRest } from "./retry-rest.ts";

/** SQS: entries to a call, and bytes of all their bodies together. */
const MAX_ENTRIES = 10;
const MAX_CALL_BYTES = 1024 * 1024;

export interface SqsQueue {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * @returns the messages' ids, in order
 * @throws when SQS did not take all of them; some may have been sent
 */
export async function sqsSendAll(queue: SqsQueue, messages: readonly OutgoingMessage[]): Promise<string[]> {
  const ids: string[] = [];
  for (const call of toCalls(messages)) ids.push(...(await sendCall(queue, call)));
  return ids;
}

async function sendCall({ client, queueUrl }: SqsQueue, messages: readonly OutgoingMessage[]): Promise<string[]> {
  const ids: string[] = [];
  await retryRest(`sending to ${queueUrl}`, messages.map(toEntry), async (rest) => {
    const { Successful = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: [...rest] }),
    );
    for (const { Id, MessageId } of Successful) ids[Number(Id)] = MessageId ?? "";
    return rest.filter(({ Id }) => ids[Number(Id)] === undefined);
  });
  return ids;
}

function toEntry({ body, attributes = {} }: OutgoingMessage, index: number): SendMessageBatchRequestEntry {
  const named = Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]);
  return {
    Id: String(index),
    MessageBody: body,
    ...(named.length > 0 && { MessageAttributes: Object.fromEntries(named) }),
  };
}

function toCalls(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const calls: OutgoingMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body) + Buffer.byteLength(JSON.stringify(message.attributes ?? {}));
    const call = calls.at(-1);
    if (call === undefined || call.length === MAX_ENTRIES || bytes + size > MAX_CALL_BYTES) {
      calls.push([message]);
      bytes = size;
    } else {
      call.push(message);
      bytes += size;
    }
  }
  return calls;
}
