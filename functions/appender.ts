/** Appending to the log on AWS, put together for a function. */
import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type * as z from "zod";
import { dynamoDbEventIndex } from "../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbPendingLooks } from "../lib/adapters/dynamodb-pending-looks.ts";
import { s3EvidenceStore } from "../lib/adapters/s3-evidence-store.ts";
import { s3StagingStore } from "../lib/adapters/s3-staging-store.ts";
import { sqsFindingsQueue } from "../lib/adapters/sqs-findings-queue.ts";
import { type Append, createAppender } from "../lib/core/evidence/append.ts";
import { shardOrigin } from "../lib/core/evidence/shard.ts";
import { shardEvidence } from "../lib/core/evidence/shard-stores.ts";
import type { AppendEnv } from "./env.ts";
import { shardHeads } from "./shard-heads.ts";

/** @returns the appender of each shard, by its number */
export function shardAppenders(
  env: z.infer<typeof AppendEnv>,
  { dynamoDb, s3 }: { readonly dynamoDb: DynamoDBClient; readonly s3: S3Client },
): (shard: number) => Append {
  const headOf = shardHeads(env, dynamoDb);
  const shared = {
    staging: s3StagingStore({ client: s3, bucket: env.STAGING_BUCKET }),
    index: dynamoDbEventIndex({ client: dynamoDb, tableName: env.INDEX_TABLE }),
    looks: dynamoDbPendingLooks({ client: dynamoDb, tableName: env.LOOK_TABLE }),
    findings: sqsFindingsQueue({ client: new SQSClient(), queueUrl: env.FINDINGS_QUEUE_URL }),
    now: Date.now,
    newCommitId: randomUUID,
  };
  const evidence = s3EvidenceStore({ client: s3, bucket: env.EVIDENCE_BUCKET, mode: env.LOCK_MODE, now: Date.now });
  return (shard) =>
    createAppender({
      ...shared,
      origin: shardOrigin(env.LOG_ORIGIN, shard),
      heads: headOf(shard),
      evidence: shardEvidence(evidence, shard),
    });
}
