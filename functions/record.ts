/** A batch of events: into the evidence log, the index and the findings queue. What is no event is put aside with its reason. */
import { parser } from "@aws-lambda-powertools/parser/middleware";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse } from "aws-lambda";
import * as z from "zod";
import { sqsRejectedQueue } from "../lib/adapters/sqs-rejected-queue.ts";
import { recordBatch } from "../lib/core/record/record-batch.ts";
import { RecordEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";
import { recording } from "./recording.ts";
import { reportBatch } from "./report-batch.ts";

const env = RecordEnv.parse(process.env);
const world = recording(env);
const putAside = sqsRejectedQueue({ client: new SQSClient(), queueUrl: env.REJECTED_QUEUE_URL });
/** For a slice of the largest messages there are, several times over. */
const MIN_SLICE_MS = 20_000;
// Powertools has a schema for this; it brings the whole of zod with every language into the bundle.
const Batch = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

async function handleBatch({ Records }: z.infer<typeof Batch>, context: Context): Promise<SQSBatchResponse> {
  const arrivals = Records.map(({ messageId, body }) => ({ id: messageId, body }));
  const hasTime = (): boolean => context.getRemainingTimeInMillis() > MIN_SLICE_MS;
  // Throws if the log does not take a slice: then the whole batch comes again, and what is in the log already is known by its id.
  const outcome = await recordBatch(arrivals, { ...world, hasTime });
  reportBatch(outcome);
  const failed = await putAside(outcome.rejected).then(
    () => [],
    (error: Error) => {
      // SQS itself moves them there after a few more tries.
      logger.error("rejected messages could not be put aside", error);
      return outcome.rejected;
    },
  );
  return { batchItemFailures: [...failed, ...outcome.postponed].map(({ id }) => ({ itemIdentifier: id })) };
}

export const handler = observed(handleBatch).use(parser({ schema: Batch }));
