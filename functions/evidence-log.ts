/** The evidence log on AWS, put together for a function that appends. */
import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type * as z from "zod";
import { dynamoDbDeliveryIndex } from "../lib/adapters/dynamodb-delivery-index.ts";
import { dynamoDbEventIndex } from "../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbHeadStore } from "../lib/adapters/dynamodb-head-store.ts";
import { dynamoDbSessionIndex } from "../lib/adapters/dynamodb-session-index.ts";
import { s3EvidenceStore } from "../lib/adapters/s3-evidence-store.ts";
import { s3StagingStore } from "../lib/adapters/s3-staging-store.ts";
import { sqsFindingsQueue } from "../lib/adapters/sqs-findings-queue.ts";
import { type Append, createAppender } from "../lib/core/evidence/append.ts";
import type { DeliveryIndex } from "../lib/core/record/delivery-index.ts";
import type { SessionIndex } from "../lib/core/record/session-holder.ts";
import type { RecordEnv } from "./env.ts";

export function evidenceLog(env: z.infer<typeof RecordEnv>): { append: Append; index: DeliveryIndex & SessionIndex } {
  const dynamoDb = new DynamoDBClient();
  const s3 = new S3Client();
  const table = { client: dynamoDb, tableName: env.INDEX_TABLE };
  const append = createAppender({
    origin: env.LOG_ORIGIN,
    heads: dynamoDbHeadStore({ client: dynamoDb, tableName: env.HEAD_TABLE, origin: env.LOG_ORIGIN }),
    staging: s3StagingStore({ client: s3, bucket: env.STAGING_BUCKET }),
    evidence: s3EvidenceStore({ client: s3, bucket: env.EVIDENCE_BUCKET }),
    index: dynamoDbEventIndex(table),
    findings: sqsFindingsQueue({ client: new SQSClient(), queueUrl: env.FINDINGS_QUEUE_URL }),
    now: Date.now,
    newCommitId: randomUUID,
  });
  return { append, index: { ...dynamoDbDeliveryIndex(table), ...dynamoDbSessionIndex(table) } };
}
