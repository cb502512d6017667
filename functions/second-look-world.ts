/** What a second look needs, put together on AWS. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { dynamoDbDeliveryIndex } from "../lib/adapters/dynamodb-delivery-index.ts";
import { dynamoDbGrantStore } from "../lib/adapters/dynamodb-grant-store.ts";
import { dynamoDbMfaIndex } from "../lib/adapters/dynamodb-mfa-index.ts";
import { dynamoDbPendingLooks } from "../lib/adapters/dynamodb-pending-looks.ts";
import { dynamoDbSessionIndex } from "../lib/adapters/dynamodb-session-index.ts";
import { patientLogSource } from "../lib/adapters/patient-log-source.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import { recentGrants } from "../lib/core/grants/recent-grants.ts";
import { createJudge } from "../lib/core/second-look/judge-again.ts";
import type { LookingWorld } from "../lib/core/second-look/look-again.ts";
import { recordsIn } from "../lib/core/second-look/record-at.ts";
import { accessOf } from "./access.ts";
import type { SecondLookEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { readSettings } from "./settings.ts";
import { shardHeads } from "./shard-heads.ts";

const MINUTE_MS = 60 * 1000;

export function secondLook(env: z.infer<typeof SecondLookEnv>): Omit<LookingWorld, "hasTime" | "within"> {
  const client = new DynamoDBClient();
  const table = { client, tableName: env.INDEX_TABLE };
  const settings = readSettings();
  const grants = dynamoDbGrantStore({ client, tableName: env.GRANT_TABLE });
  const access = accessOf(settings, recentGrants(grants, Date.now));
  const log = patientLogSource(s3LogSource({ client: new S3Client(), bucket: env.EVIDENCE_BUCKET }));
  return {
    pending: dynamoDbPendingLooks({ client, tableName: env.LOOK_TABLE }),
    judge: createJudge({ settings, access, sessions: dynamoDbSessionIndex(table), mfa: dynamoDbMfaIndex(table) }),
    index: dynamoDbDeliveryIndex(table),
    recordAt: recordsIn(log, shardHeads(env, client)),
    intake: intakeQueue(env),
    latenessMs: settings.configuration.detections.latenessMinutes * MINUTE_MS,
    now: Date.now,
  };
}
