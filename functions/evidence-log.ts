/** The evidence log on AWS, put together for a function that records and appends. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type * as z from "zod";
import { dynamoDbDeliveryIndex } from "../lib/adapters/dynamodb-delivery-index.ts";
import { dynamoDbDetectionMemory } from "../lib/adapters/dynamodb-detection-memory.ts";
import { dynamoDbEventIndex } from "../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbMfaIndex } from "../lib/adapters/dynamodb-mfa-index.ts";
import { dynamoDbSessionIndex } from "../lib/adapters/dynamodb-session-index.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import { secretsManagerFingerprint } from "../lib/adapters/secrets-manager-fingerprint.ts";
import type { Append } from "../lib/core/evidence/append.ts";
import { recordedEvents } from "../lib/core/evidence/recorded-events.ts";
import { createShardedAppender } from "../lib/core/evidence/sharded-append.ts";
import type { RecorderWorld } from "../lib/core/record/recorder.ts";
import { shardAppenders } from "./appender.ts";
import type { RecordEnv } from "./env.ts";
import { shardHeads } from "./shard-heads.ts";

export function evidenceLog(env: z.infer<typeof RecordEnv>): Omit<RecorderWorld, "settings"> & { append: Append } {
  const dynamoDb = new DynamoDBClient();
  const s3 = new S3Client();
  const table = { client: dynamoDb, tableName: env.INDEX_TABLE };
  return {
    append: createShardedAppender(shardAppenders(env, { dynamoDb, s3 }), env.LOG_SHARDS),
    index: {
      ...dynamoDbDeliveryIndex(table),
      ...dynamoDbSessionIndex(table),
      known: dynamoDbEventIndex(table).known,
    },
    mfa: dynamoDbMfaIndex(table),
    memory: dynamoDbDetectionMemory({ client: dynamoDb, tableName: env.DETECTION_TABLE, now: Date.now }),
    events: recordedEvents(s3LogSource({ client: s3, bucket: env.EVIDENCE_BUCKET }), shardHeads(env, dynamoDb)),
    // Fetched with the first batch: a cold start has enough to do.
    fingerprint: secretsManagerFingerprint({ client: new SecretsManagerClient(), arn: env.FINGERPRINT_KEY_ARN }),
  };
}
