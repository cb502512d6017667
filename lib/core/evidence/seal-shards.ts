/** The daily seal on the tail of every shard. */
import { existingShards } from "./existing-shards.ts";
import type { HeadStore } from "./head.ts";
import { inEachShard } from "./in-each-shard.ts";
import { type Sealed, sealTail, type TailStore } from "./seal-tail.ts";
import { shardTail } from "./shard-stores.ts";

/**
 * @param onSealed told of each shard when it is done
 * @throws when all were tried, for those whose tail is not sealed: try again
 */
export async function sealShards(
  world: { readonly headOf: (shard: number) => Pick<HeadStore, "read">; readonly tail: TailStore },
  onSealed: (sealed: Sealed & { readonly shard: number }) => void,
): Promise<void> {
  const shards = (await existingShards(world.headOf)).map(({ shard }) => shard);
  await inEachShard(shards, async (shard) => {
    onSealed({ ...(await sealTail({ heads: world.headOf(shard), tail: shardTail(world.tail, shard) })), shard });
  });
}
