/** Daily: the newest tiles and entries of every shard get the lock of the whole retention. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { s3TailStore } from "../lib/adapters/s3-tail-store.ts";
import { sealShards } from "../lib/core/evidence/seal-shards.ts";
import { SealEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";
import { shardHeads } from "./shard-heads.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const env = SealEnv.parse(process.env);
const headOf = shardHeads(env, new DynamoDBClient());
const tail = s3TailStore({
  client: new S3Client(),
  bucket: env.EVIDENCE_BUCKET,
  mode: env.LOCK_MODE,
  retentionMs: env.RETENTION_DAYS * DAY_MS,
});

// Lambda tries an attempt that failed twice more, a minute and two later: by then a partial that was missing has been finished.
export const handler = observed(async (): Promise<void> => {
  await sealShards({ headOf, tail }, ({ shard, ...sealed }) => logger.info("tail sealed", { ...sealed, shard }));
});
