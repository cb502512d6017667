/** What each shard of the log is published with, on AWS. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { kmsNoteSigner } from "../lib/adapters/kms-note-signer.ts";
import { s3CheckpointStore } from "../lib/adapters/s3-checkpoint-store.ts";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import type { PublishedShard } from "../lib/core/evidence/publish-shards.ts";
import { shardOrigin, shardPrefix } from "../lib/core/evidence/shard.ts";
import { shardLog } from "../lib/core/evidence/shard-stores.ts";
import { shardAppenders } from "./appender.ts";
import { cosigning } from "./cosigning.ts";
import type { PublishEnv } from "./env.ts";
import { shardHeads } from "./shard-heads.ts";

export function shardPublishers(env: z.infer<typeof PublishEnv>) {
  const [dynamoDb, s3, kms] = [new DynamoDBClient(), new S3Client(), new KMSClient()];
  const evidence = { client: s3, bucket: env.EVIDENCE_BUCKET };
  const stored = s3LogSource(evidence);
  const appendTo = shardAppenders(env, { dynamoDb, s3 });
  const headOf = shardHeads(env, dynamoDb);
  return {
    headOf,
    open(shard: number): PublishedShard {
      const origin = shardOrigin(env.LOG_ORIGIN, shard);
      const log = shardLog(stored, shard);
      const checkpoints = s3CheckpointStore({ ...evidence, prefix: shardPrefix(shard) });
      return {
        world: { origin, heads: headOf(shard), append: appendTo(shard), log, checkpoints },
        signer: () => kmsNoteSigner({ client: kms, keyId: env.SIGNING_KEY_ARN, name: origin }),
        cosign: cosigning(env.WITNESSES, { log, checkpoints }),
      };
    },
  };
}
