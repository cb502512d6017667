/** A batch of events: into the evidence log, the index and the findings queue. What is no event is put aside with its reason. */
import { parser } from "@aws-lambda-powertools/parser/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse } from "aws-lambda";
import * as z from "zod";
import { dynamoDbGrantStore } from "../lib/adapters/dynamodb-grant-store.ts";
import { s3MessageStore } from "../lib/adapters/s3-message-store.ts";
import { sqsRejectedQueue } from "../lib/adapters/sqs-rejected-queue.ts";
import { recentGrants } from "../lib/core/grants/recent-grants.ts";
import { recordBatch } from "../lib/core/record/record-batch.ts";
import { createRecorder } from "../lib/core/record/recorder.ts";
import { accessOf } from "./access.ts";
import { RecordEnv } from "./env.ts";
import { evidenceLog } from "./evidence-log.ts";
import { logger, observed } from "./observed.ts";
import { reportBatch } from "./report-batch.ts";
import { readSettings } from "./settings.ts";

const env = RecordEnv.parse(process.env);
const { append, ...world } = evidenceLog(env);
const settings = readSettings();
const grants = dynamoDbGrantStore({ client: new DynamoDBClient(), tableName: env.GRANT_TABLE });
const access = accessOf(settings, recentGrants(grants, Date.now));
const record = createRecorder({ settings, access, ...world });
const messages = s3MessageStore({ client: new S3Client(), bucket: env.STAGING_BUCKET });
const putAside = sqsRejectedQueue({ client: new SQSClient(), queueUrl: env.REJECTED_QUEUE_URL });
/** For a slice of the largest messages there are, several times over. */
const MIN_SLICE_MS = 20_000;
// Powertools has a schema for this; it brings the whole of zod with every language into the bundle.
const Batch = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

async function handleBatch({ Records }: z.infer<typeof Batch>, context: Context): Promise<SQSBatchResponse> {
  const arrivals = Records.map(({ messageId, body }) => ({ id: messageId, body }));
  const hasTime = (): boolean => context.getRemainingTimeInMillis() > MIN_SLICE_MS;
  // Throws if the log does not take a slice: then the whole batch comes again, and what is in the log already is known by its id.
  const outcome = await recordBatch(arrivals, { record, append, messages, hasTime });
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
