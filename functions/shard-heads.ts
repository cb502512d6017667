/** The heads of the log's shards on AWS, by their numbers. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type * as z from "zod";
import { dynamoDbHeadStore } from "../lib/adapters/dynamodb-head-store.ts";
import type { HeadStore } from "../lib/core/evidence/head.ts";
import { shardOrigin } from "../lib/core/evidence/shard.ts";
import type { SealEnv } from "./env.ts";

export function shardHeads(
  { HEAD_TABLE: tableName, LOG_ORIGIN }: Pick<z.infer<typeof SealEnv>, "HEAD_TABLE" | "LOG_ORIGIN">,
  client: DynamoDBClient,
): (shard: number) => HeadStore {
  return (shard) => dynamoDbHeadStore({ client, tableName, origin: shardOrigin(LOG_ORIGIN, shard) });
}
