/** The queue in which deployments of GitHub wait for the gate's answer. */
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SqsQueue } from "./sqs-send-all.ts";

export interface GateQueue {
  /** Resolves once the queue has the question. */
  ask(question: string): Promise<void>;
  /** At most 900 seconds later. */
  askAgain(question: string, seconds: number): Promise<void>;
}

/** Without `gate.github` in gatebook.yml the queue's URL is empty, and nothing is asked. */
export function sqsGateQueue({ client, queueUrl }: SqsQueue): GateQueue {
  const send = async (body: string, delay: number): Promise<void> => {
    if (queueUrl === "") return;
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delay }));
  };
  return {
    ask: (question) => send(question, 0),
    askAgain: send,
  };
}
