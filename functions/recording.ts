/** From a message to the evidence log, put together for the function that records. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { dynamoDbGrantStore } from "../lib/adapters/dynamodb-grant-store.ts";
import { s3MessageStore } from "../lib/adapters/s3-message-store.ts";
import { recentGrants } from "../lib/core/grants/recent-grants.ts";
import { createRecorder } from "../lib/core/record/recorder.ts";
import { accessOf } from "./access.ts";
import type { RecordEnv } from "./env.ts";
import { evidenceLog } from "./evidence-log.ts";
import { readSettings } from "./settings.ts";

export function recording(env: z.infer<typeof RecordEnv>) {
  const { append, ...world } = evidenceLog(env);
  const settings = readSettings();
  const grants = dynamoDbGrantStore({ client: new DynamoDBClient(), tableName: env.GRANT_TABLE });
  const access = accessOf(settings, recentGrants(grants, Date.now));
  return {
    record: createRecorder({ settings, access, ...world }),
    append,
    messages: s3MessageStore({ client: new S3Client(), bucket: env.STAGING_BUCKET }),
  };
}
