/** Each minute: the head of every shard of the log, signed, becomes its public checkpoint. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { kmsNoteSigner } from "../lib/adapters/kms-note-signer.ts";
import { s3CheckpointStore } from "../lib/adapters/s3-checkpoint-store.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import type { NoteSigner } from "../lib/core/evidence/note-signer.ts";
import { createShardedPublisher } from "../lib/core/evidence/publish-shards.ts";
import { shardOrigin, shardPrefix } from "../lib/core/evidence/shard.ts";
import { shardLog } from "../lib/core/evidence/shard-stores.ts";
import { shardAppenders, shardHeads } from "./appender.ts";
import { cosigning } from "./cosigning.ts";
import { PublishEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";

const env = PublishEnv.parse(process.env);
const [dynamoDb, s3, kms] = [new DynamoDBClient(), new S3Client(), new KMSClient()];
const evidence = { client: s3, bucket: env.EVIDENCE_BUCKET };
const stored = s3LogSource(evidence);
const appendTo = shardAppenders(env, { dynamoDb, s3 });
const headOf = shardHeads(env, dynamoDb);

const publishAll = createShardedPublisher({
  headOf,
  configured: env.LOG_SHARDS,
  open(shard) {
    const origin = shardOrigin(env.LOG_ORIGIN, shard);
    const log = shardLog(stored, shard);
    const checkpoints = s3CheckpointStore({ ...evidence, prefix: shardPrefix(shard) });
    const cosign = cosigning(env.WITNESSES, { log, checkpoints });
    const world = { origin, heads: headOf(shard), append: appendTo(shard), log, checkpoints };
    const signer = (): Promise<NoteSigner> => kmsNoteSigner({ client: kms, keyId: env.SIGNING_KEY_ARN, name: origin });
    return { world, signer, cosign };
  },
});

export const handler = observed(async (_: unknown, context): Promise<void> => {
  await publishAll({
    remainingMs: () => context.getRemainingTimeInMillis(),
    onPublished: ({ origin, ...published }) => logger.info("checkpoint", { ...published, origin }),
  });
});
