/** Each shard of the evidence log as it stands: its head, its public checkpoint, and how far it had come some minutes ago. */
import { existingShards } from "../core/evidence/existing-shards.ts";
import type { HeadStore } from "../core/evidence/head.ts";
import type { LogSource } from "../core/evidence/log-source.ts";
import { shardLog } from "../core/evidence/shard-stores.ts";
import { MAX_UNSIGNED_MS } from "../core/gate/evidence-state.ts";
import type { ShardState } from "../core/gate/shard-trees.ts";
import type { SearchIndex } from "../core/search/search.ts";

interface LogStateOptions {
  readonly headOf: (shard: number) => Pick<HeadStore, "read">;
  readonly log: LogSource;
  readonly index: Pick<SearchIndex, "sizeAt">;
  /** How many shards events are spread over: these are looked at though nothing is left of their heads. The first alone, if left out. */
  readonly configured?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export async function logState({ headOf, log: all, index, configured, now }: LogStateOptions): Promise<ShardState[]> {
  const shards = await existingShards(headOf, configured);
  return Promise.all(
    shards.map(async ({ shard }) => {
      // Before the head: what was public by then stands on a head that is not newer.
      const log = shardLog(all, shard);
      const checkpoint = await log.read("checkpoint");
      const sizeBefore = await index.sizeAt(now() - MAX_UNSIGNED_MS, shard);
      return { shard, log, checkpoint, sizeBefore, head: await headOf(shard).read() };
    }),
  );
}
