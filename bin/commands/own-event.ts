/** What somebody does with this command line to the evidence is recorded in it. */
import { randomUUID } from "node:crypto";
import { s3MessageStore } from "../../lib/adapters/s3-message-store.ts";
import { sqsIntakeQueue } from "../../lib/adapters/sqs-intake-queue.ts";
import type { RunningStack } from "./running-stack.ts";

export interface OwnDoing {
  /** `index.rebuilt`, `evidence.pulled`. */
  readonly type: string;
  /** What is said of it: who did it stands behind. */
  readonly message: string;
  /** Who, in their own words; the AWS access key in use stands in. */
  readonly as: string | undefined;
}

/** Resolves once the intake queue has it. */
export async function recordOwnEvent(
  { sqs, s3, outputs }: RunningStack,
  { type, message, as }: OwnDoing,
): Promise<void> {
  const messages = s3MessageStore({ client: s3, bucket: outputs.MessageBucket });
  const intake = sqsIntakeQueue({ client: sqs, queueUrl: outputs.IntakeQueueUrl, messages });
  const { accessKeyId } = await s3.config.credentials();
  const event = {
    v: 1,
    kind: "gatebook",
    uid: `${type}:${randomUUID()}`,
    time: Date.now(),
    type,
    principal: as ?? `access-key:${accessKeyId}`,
    resource: outputs.LogOrigin,
    message: `${message}, with the access key ${accessKeyId}`,
  };
  await intake.send([JSON.stringify(event)]);
}
