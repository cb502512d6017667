/** Appending to the log on AWS, put together for a function. */
import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type * as z from "zod";
import { dynamoDbEventIndex } from "../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbHeadStore } from "../lib/adapters/dynamodb-head-store.ts";
import { s3EvidenceStore } from "../lib/adapters/s3-evidence-store.ts";
import { s3StagingStore } from "../lib/adapters/s3-staging-store.ts";
import { sqsFindingsQueue } from "../lib/adapters/sqs-findings-queue.ts";
import { type Append, createAppender } from "../lib/core/evidence/append.ts";
import type { AppendEnv } from "./env.ts";

export function appender(
  env: z.infer<typeof AppendEnv>,
  { dynamoDb, s3 }: { readonly dynamoDb: DynamoDBClient; readonly s3: S3Client },
): Append {
  return createAppender({
    origin: env.LOG_ORIGIN,
    heads: dynamoDbHeadStore({ client: dynamoDb, tableName: env.HEAD_TABLE, origin: env.LOG_ORIGIN }),
    staging: s3StagingStore({ client: s3, bucket: env.STAGING_BUCKET }),
    evidence: s3EvidenceStore({ client: s3, bucket: env.EVIDENCE_BUCKET, mode: env.LOCK_MODE, now: Date.now }),
    index: dynamoDbEventIndex({ client: dynamoDb, tableName: env.INDEX_TABLE }),
    findings: sqsFindingsQueue({ client: new SQSClient(), queueUrl: env.FINDINGS_QUEUE_URL }),
    now: Date.now,
    newCommitId: randomUUID,
  });
}
