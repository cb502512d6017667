/** The evidence log on AWS, put together for a function that records and appends. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type * as z from "zod";
import { dynamoDbDeliveryIndex } from "../lib/adapters/dynamodb-delivery-index.ts";
import { dynamoDbHeadStore } from "../lib/adapters/dynamodb-head-store.ts";
import { dynamoDbSessionIndex } from "../lib/adapters/dynamodb-session-index.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import { secretsManagerFingerprint } from "../lib/adapters/secrets-manager-fingerprint.ts";
import type { Append } from "../lib/core/evidence/append.ts";
import { recordedEvents } from "../lib/core/evidence/recorded-events.ts";
import type { RecorderWorld } from "../lib/core/record/recorder.ts";
import { appender } from "./appender.ts";
import type { RecordEnv } from "./env.ts";

export function evidenceLog(env: z.infer<typeof RecordEnv>): Omit<RecorderWorld, "settings"> & { append: Append } {
  const dynamoDb = new DynamoDBClient();
  const s3 = new S3Client();
  const heads = dynamoDbHeadStore({ client: dynamoDb, tableName: env.HEAD_TABLE, origin: env.LOG_ORIGIN });
  const table = { client: dynamoDb, tableName: env.INDEX_TABLE };
  return {
    append: appender(env, { dynamoDb, s3 }),
    index: { ...dynamoDbDeliveryIndex(table), ...dynamoDbSessionIndex(table) },
    events: recordedEvents(s3LogSource({ client: s3, bucket: env.EVIDENCE_BUCKET }), heads),
    // Fetched with the first batch: a cold start has enough to do.
    fingerprint: secretsManagerFingerprint({ client: new SecretsManagerClient(), arn: env.FINGERPRINT_KEY_ARN }),
  };
}
