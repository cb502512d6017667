/** What the gate finds out from, put together for each of its functions. */
import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { dynamoDbSearchIndex } from "../lib/adapters/dynamodb-search-index.ts";
import { logState } from "../lib/adapters/log-state.ts";
import { patientLogSource } from "../lib/adapters/patient-log-source.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import { within } from "../lib/adapters/within.ts";
import type { GateWorld } from "../lib/core/gate/gate-world.ts";
import { recordReader } from "../lib/core/gate/record-reader.ts";
import { shardHeads } from "./appender.ts";
import type { GateEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { readSettings } from "./settings.ts";

/** Of each of three steps: together they end before API Gateway stops waiting. */
const LIMIT_MS = 7_000;
/** A store that does not answer is asked again, and both within the limit. */
const quick = { requestTimeout: 3_000, connectionTimeout: 1_000, throwOnRequestTimeout: true };

export function gateWorld(env: z.infer<typeof GateEnv>): GateWorld {
  const client = new DynamoDBClient({ maxAttempts: 2, requestHandler: quick });
  const s3 = new S3Client({ maxAttempts: 2, requestHandler: quick });
  const index = dynamoDbSearchIndex({ client, tableName: env.INDEX_TABLE, origin: env.LOG_ORIGIN });
  const log = patientLogSource(s3LogSource({ client: s3, bucket: env.EVIDENCE_BUCKET }));
  const headOf = shardHeads(env, client);
  return {
    configuration: readSettings().configuration,
    index,
    recordAt: recordReader(log, headOf),
    evidence: () => logState({ headOf, log, index, now: Date.now }),
    intake: intakeQueue(env),
    within: within(LIMIT_MS),
    now: Date.now,
    newId: randomUUID,
  };
}
