/** The shards of a running Gatebook's log, for reading. */
import { dynamoDbHeadStore } from "../../lib/adapters/dynamodb-head-store.ts";
import { patientLogSource } from "../../lib/adapters/patient-log-source.ts";
import { s3LogSource } from "../../lib/adapters/s3-log-source.ts";
import { existingShards } from "../../lib/core/evidence/existing-shards.ts";
import type { Head } from "../../lib/core/evidence/head.ts";
import { shardOrigin } from "../../lib/core/evidence/shard.ts";
import type { ShardLog } from "../../lib/core/evidence/shard-log.ts";
import { shardLog } from "../../lib/core/evidence/shard-stores.ts";
import type { RunningStack } from "./running-stack.ts";

export interface StackShard extends ShardLog {
  readonly origin: string;
  /** Undefined where nothing was recorded yet. */
  readonly head: Head | undefined;
}

/** Every one that something was recorded in, however many there are now; the first is always there. */
export async function stackShards({ outputs, dynamoDb: client, s3 }: RunningStack): Promise<StackShard[]> {
  const { HeadTable: tableName, EvidenceBucket: bucket, LogOrigin } = outputs;
  const all = patientLogSource(s3LogSource({ client: s3, bucket }));
  const originOf = (shard: number): string => shardOrigin(LogOrigin, shard);
  const shards = await existingShards((shard) => dynamoDbHeadStore({ client, tableName, origin: originOf(shard) }));
  return shards.map(({ shard, head }) => ({
    shard,
    head,
    origin: originOf(shard),
    log: shardLog(all, shard),
    size: head?.size ?? 0,
  }));
}

export function sizeOf(shards: readonly ShardLog[]): number {
  return shards.reduce((sum, { size }) => sum + size, 0);
}
