/** What the gate finds out from, put together for each of its functions. */
import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { dynamoDbGrantStore } from "../lib/adapters/dynamodb-grant-store.ts";
import { dynamoDbSearchIndex } from "../lib/adapters/dynamodb-search-index.ts";
import { kmsVerifierKey } from "../lib/adapters/kms-note-signer.ts";
import { logState } from "../lib/adapters/log-state.ts";
import { onceKnown } from "../lib/adapters/once-known.ts";
import { patientLogSource } from "../lib/adapters/patient-log-source.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import { within } from "../lib/adapters/within.ts";
import type { GateWorld } from "../lib/core/gate/gate-world.ts";
import { recentGrants } from "../lib/core/grants/recent-grants.ts";
import type { GateEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { readSettings } from "./settings.ts";
import { shardHeads } from "./shard-heads.ts";

/** Of each of five steps, a pipeline's job or an override's grant among them: together they end before the function is stopped, and with it its answer. */
const LIMIT_MS = 4_500;
/** A store that does not answer is asked again, and both within the limit. */
const quick = { requestTimeout: 2_500, connectionTimeout: 1_000, throwOnRequestTimeout: true };

export function gateWorld(env: z.infer<typeof GateEnv>): GateWorld {
  const settings = { maxAttempts: 2, requestHandler: quick };
  const [client, s3, kms] = [new DynamoDBClient(settings), new S3Client(settings), new KMSClient(settings)];
  const index = dynamoDbSearchIndex({ client, tableName: env.INDEX_TABLE, origin: env.LOG_ORIGIN });
  const log = patientLogSource(s3LogSource({ client: s3, bucket: env.EVIDENCE_BUCKET }));
  const headOf = shardHeads(env, client);
  const { configuration } = readSettings();
  const configured = configuration.evidence.shards;
  return {
    configuration,
    index,
    evidence: () => logState({ headOf, log, index, configured, now: Date.now }),
    verifierKey: onceKnown(() => kmsVerifierKey({ client: kms, keyId: env.SIGNING_KEY_ARN, name: env.LOG_ORIGIN })),
    grants: recentGrants(dynamoDbGrantStore({ client, tableName: env.GRANT_TABLE }), Date.now),
    intake: intakeQueue(env),
    within: within(LIMIT_MS),
    now: Date.now,
    newId: randomUUID,
  };
}
