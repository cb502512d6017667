/** The intake queue in SQS; what is too large for it goes by way of a store. */
import { concurrently } from "../core/evidence/concurrently.ts";
import type { IntakeQueue } from "../core/receive/intake-queue.ts";
import type { MessageStore } from "../core/receive/message-store.ts";
import { toQueueText } from "../core/receive/stored-message.ts";
import { type SqsQueue, sqsSendAll } from "./sqs-send-all.ts";

export interface SqsIntake extends SqsQueue {
  readonly messages: MessageStore;
}

/** Bodies on their way into the store at once: each may have megabytes. */
const MAX_PUTS = 4;

export function sqsIntakeQueue({ messages, ...queue }: SqsIntake): IntakeQueue {
  return {
    async send(bodies) {
      const texts = [...bodies];
      // In the store first: a pointer in the queue must lead somewhere.
      await concurrently(MAX_PUTS, bodies.entries(), async ([index, body]) => {
        texts[index] = await toQueueText(body, messages);
      });
      return sqsSendAll(
        queue,
        texts.map((body) => ({ body })),
      );
    },
  };
}
