/** Where messages go that are no event: the dead-letter queue, at once and with the reason. */
import type { Rejected } from "../core/record/recorder.ts";
import { type SqsQueue, sqsSendAll } from "./sqs-send-all.ts";

/** Rejects when the queue does not take all of them: it is away, or one is too large with its reason. */
export function sqsRejectedQueue(queue: SqsQueue): (rejected: readonly Rejected[]) => Promise<void> {
  return async (rejected) => {
    await sqsSendAll(
      queue,
      rejected.map(({ id, body, reason }) => ({ body, attributes: { reason, message: id } })),
    );
  };
}
