/** Log files that were put into S3: their records into the intake queue. A file with something wrong in it is put aside with the reason. */
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { s3LogFiles } from "../lib/adapters/s3-log-files.ts";
import { sqsRejectedQueue } from "../lib/adapters/sqs-rejected-queue.ts";
import { importNotice } from "../lib/core/import/import-notice.ts";
import { ImportEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { logger, metrics, observed } from "./observed.ts";

const env = ImportEnv.parse(process.env);
const world = {
  // The bucket is its owner's, in whichever region they have it.
  open: s3LogFiles(new S3Client({ followRegionRedirects: true })),
  intake: intakeQueue(env),
  bucket: env.LOG_BUCKET,
  ownRoles: new Set<string>(JSON.parse(env.OWN_ROLE_ARNS)),
};
const putAside = sqsRejectedQueue({ client: new SQSClient(), queueUrl: env.REJECTED_QUEUE_URL });
const processor = new BatchProcessor(EventType.SQS);

async function handleNotice({ body, messageId: id }: SQSRecord): Promise<void> {
  try {
    const { imports, rejected } = await importNotice({ id, body }, world);
    for (const each of imports) logger.info("log file", { ...each });
    for (const { reason } of rejected) logger.warn("put a log file aside", { id, reason });
    await putAside(rejected);
    for (const each of imports) if ("records" in each) metrics.addMetric("RecordsImported", "Count", each.records);
    metrics.addMetric("LogFilesRejected", "Count", rejected.length);
  } catch (error) {
    logger.error("a log file has to come again", { id, error: error as Error });
    throw error;
  }
}

export const handler = observed((event: SQSEvent, context) =>
  processPartialResponse(event, handleNotice, processor, { context, throwOnFullBatchFailure: false }),
);
