/** Each minute: the log's head, signed, becomes the public checkpoint. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { dynamoDbHeadStore } from "../lib/adapters/dynamodb-head-store.ts";
import { kmsNoteSigner } from "../lib/adapters/kms-note-signer.ts";
import { s3CheckpointStore } from "../lib/adapters/s3-checkpoint-store.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import { publish } from "../lib/core/evidence/publish.ts";
import { appender } from "./appender.ts";
import { cosigning } from "./cosigning.ts";
import { PublishEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";

const env = PublishEnv.parse(process.env);
const [dynamoDb, s3, kms] = [new DynamoDBClient(), new S3Client(), new KMSClient()];
const evidence = { client: s3, bucket: env.EVIDENCE_BUCKET };
const log = {
  origin: env.LOG_ORIGIN,
  heads: dynamoDbHeadStore({ client: dynamoDb, tableName: env.HEAD_TABLE, origin: env.LOG_ORIGIN }),
  append: appender(env, { dynamoDb, s3 }),
  log: s3LogSource(evidence),
  checkpoints: s3CheckpointStore(evidence),
};
const cosign = cosigning(env.WITNESSES, log);
const key = { client: kms, keyId: env.SIGNING_KEY_ARN, name: env.LOG_ORIGIN };
/** Made by the first call that succeeds: a cold start must not fail for good where KMS failed once. */
let signer: Awaited<ReturnType<typeof kmsNoteSigner>> | undefined;

export const handler = observed(async (_: unknown, context): Promise<void> => {
  signer ??= await kmsNoteSigner(key);
  const published = await publish({ ...log, signer });
  logger.info("checkpoint", { ...published });
  await cosign(signer.key, context.getRemainingTimeInMillis());
});
