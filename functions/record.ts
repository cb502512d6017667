/** A batch of events: into the evidence log, the index and the findings queue. What is no event is put aside with its reason. */
import { parser } from "@aws-lambda-powertools/parser/middleware";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse } from "aws-lambda";
import * as z from "zod";
import { sqsRejectedQueue } from "../lib/adapters/sqs-rejected-queue.ts";
import { createRecorder } from "../lib/core/record/recorder.ts";
import { RecordEnv } from "./env.ts";
import { evidenceLog } from "./evidence-log.ts";
import { logger, metrics, observed } from "./observed.ts";
import { readSettings } from "./settings.ts";

const env = RecordEnv.parse(process.env);
const { append, index } = evidenceLog(env);
const record = createRecorder({ settings: readSettings(), index });
const putAside = sqsRejectedQueue({ client: new SQSClient(), queueUrl: env.REJECTED_QUEUE_URL });

// Powertools has a schema for this; it brings the whole of zod with every language into the bundle.
const Batch = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

async function handleBatch({ Records }: z.infer<typeof Batch>): Promise<SQSBatchResponse> {
  const { recorded, rejected } = await record(Records.map(({ messageId, body }) => ({ id: messageId, body })));
  // Throws if anything is not stored: then the whole batch comes again, and what is in the log already is known by its id.
  const appended = await append(recorded.map((each) => each.append));
  for (const { id, reason } of rejected) logger.warn("rejected a message", { id, reason });
  logger.info("recorded", { ...appended, rejected: rejected.length });
  metrics.addMetric("Recorded", "Count", appended.recorded);
  metrics.addMetric("Duplicates", "Count", appended.duplicates);
  metrics.addMetric("Rejected", "Count", rejected.length);
  try {
    await putAside(rejected);
    return { batchItemFailures: [] };
  } catch (error) {
    // SQS itself moves them there after a few more tries.
    logger.error("rejected messages could not be put aside", error as Error);
    return { batchItemFailures: rejected.map(({ id }) => ({ itemIdentifier: id })) };
  }
}

export const handler = observed(handleBatch).use(parser({ schema: Batch }));
