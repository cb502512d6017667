/** The intake queue on AWS, put together for a function that sends to it. */
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type * as z from "zod";
import { s3MessageStore } from "../lib/adapters/s3-message-store.ts";
import { sqsIntakeQueue } from "../lib/adapters/sqs-intake-queue.ts";
import type { IntakeQueue } from "../lib/core/receive/intake-queue.ts";
import type { IntakeEnv } from "./env.ts";

export function intakeQueue(env: z.infer<typeof IntakeEnv>): IntakeQueue {
  const messages = s3MessageStore({ client: new S3Client(), bucket: env.MESSAGE_BUCKET });
  return sqsIntakeQueue({ client: new SQSClient(), queueUrl: env.INTAKE_QUEUE_URL, messages });
}
