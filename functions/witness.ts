/** A witness: cosigns checkpoints of the logs it knows, and tells its verifier key (https://c2sp.org/tlog-witness). */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { dynamoDbWitnessStore } from "../lib/adapters/dynamodb-witness-store.ts";
import { kmsNoteSigner } from "../lib/adapters/kms-note-signer.ts";
import { onceKnown } from "../lib/adapters/once-known.ts";
import { readWitnessedLogs } from "../lib/core/configuration/read-witnesses.ts";
import { formatVerifierKey } from "../lib/core/evidence/verifier-key.ts";
import type { HttpReply } from "../lib/core/receive/problem.ts";
import { addCheckpoint } from "../lib/core/witness/add-checkpoint.ts";
import { textReply, witnessReply } from "../lib/core/witness/witness-reply.ts";
import { WitnessEnv } from "./env.ts";
import { bodyOf } from "./http-body.ts";
import { logger, metrics, observed } from "./observed.ts";

const env = WitnessEnv.parse(process.env);
const logs = readWitnessedLogs(JSON.parse(env.WITNESSED_LOGS));
const store = dynamoDbWitnessStore({ client: new DynamoDBClient(), tableName: env.WITNESS_TABLE });
const key = {
  client: new KMSClient(),
  keyId: env.SIGNING_KEY_ARN,
  name: env.WITNESS_NAME,
  algorithm: "cosignature/v1",
} as const;
// A cold start must not fail for good where KMS failed once.
const signerOf = onceKnown(() => kmsNoteSigner(key));

export const handler = observed(async (event: APIGatewayProxyEventV2): Promise<HttpReply> => {
  const signer = await signerOf();
  if (event.routeKey === "GET /") return textReply(200, `${formatVerifierKey(signer.key)}\n`);
  const answer = await addCheckpoint(bodyOf(event), { logs, store, signer, now: Date.now });
  const isContradiction = answer.outcome === "forked" || answer.outcome === "not-proved";
  // Both notes go into the log: they are the proof, whoever is to see it.
  if (isContradiction) logger.error("a log contradicts what was cosigned of it", { ...answer });
  else logger.info("add-checkpoint", { ...answer });
  metrics.addMetric("LogContradicted", "Count", isContradiction ? 1 : 0);
  return witnessReply(answer);
});
