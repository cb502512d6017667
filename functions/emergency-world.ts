/** What is known of emergency access, put together for each function that asks. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { dynamoDbBreakGlassIndex } from "../lib/adapters/dynamodb-break-glass-index.ts";
import { dynamoDbDeliveryIndex } from "../lib/adapters/dynamodb-delivery-index.ts";
import { patientLogSource } from "../lib/adapters/patient-log-source.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import { HOUR_MS } from "../lib/core/break-glass/break-glass-index.ts";
import { readRecords } from "../lib/core/break-glass/read-records.ts";
import type { IndexEntry } from "../lib/core/record/index-entry.ts";
import { recordsIn } from "../lib/core/second-look/record-at.ts";
import type { EmergencyEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { readSettings } from "./settings.ts";
import { shardHeads } from "./shard-heads.ts";

export function emergencyWorld(env: z.infer<typeof EmergencyEnv>) {
  const client = new DynamoDBClient();
  const table = { client, tableName: env.INDEX_TABLE };
  const log = patientLogSource(s3LogSource({ client: new S3Client(), bucket: env.EVIDENCE_BUCKET }));
  const recordAt = recordsIn(log, shardHeads(env, client));
  const { configuration } = readSettings();
  return {
    configuration,
    index: { ...dynamoDbDeliveryIndex(table), ...dynamoDbBreakGlassIndex(table) },
    recordAt,
    read: (entries: readonly IndexEntry[]) => readRecords(entries, recordAt),
    intake: intakeQueue(env),
    explainWithinMs: configuration.review.explainWithinHours * HOUR_MS,
    now: Date.now,
  };
}
