/** The intake queue in SQS. */
import type { IntakeQueue } from "../core/receive/intake-queue.ts";
import { type SqsQueue, sqsSendAll } from "./sqs-send-all.ts";

export function sqsIntakeQueue(queue: SqsQueue): IntakeQueue {
  return {
    send: (bodies) =>
      sqsSendAll(
        queue,
        bodies.map((body) => ({ body })),
      ),
  };
}
