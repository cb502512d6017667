/** What access reviews are known by, put together for each function that looks at them. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { dynamoDbSearchIndex } from "../lib/adapters/dynamodb-search-index.ts";
import { logState } from "../lib/adapters/log-state.ts";
import { patientLogSource } from "../lib/adapters/patient-log-source.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import type { ReviewWorld } from "../lib/core/review/answer-review-request.ts";
import { provenRecords } from "../lib/core/review/proven-records.ts";
import type { CampaignEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { readSettings } from "./settings.ts";
import { shardHeads } from "./shard-heads.ts";

export function reviewWorld(env: z.infer<typeof CampaignEnv>): ReviewWorld {
  const client = new DynamoDBClient();
  const index = dynamoDbSearchIndex({ client, tableName: env.INDEX_TABLE, origin: env.LOG_ORIGIN });
  const log = patientLogSource(s3LogSource({ client: new S3Client(), bucket: env.EVIDENCE_BUCKET }));
  const headOf = shardHeads(env, client);
  return {
    configuration: readSettings().configuration,
    index,
    read: provenRecords(() => logState({ headOf, log, index, now: Date.now })),
    intake: intakeQueue(env),
    now: Date.now,
  };
}
