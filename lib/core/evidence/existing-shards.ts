/** Which shards a log has: those that are configured, and those that were written to when more were. */
import type { Head, HeadStore } from "./head.ts";
import { ALL_SHARDS } from "./shard.ts";

export interface ShardHead {
  readonly shard: number;
  /** Undefined for a shard that nothing was recorded in yet. */
  readonly head: Head | undefined;
}

/**
 * @param configured how many events are spread over now; the first is always there
 * @returns in the order of their numbers
 */
export async function existingShards(
  headOf: (shard: number) => Pick<HeadStore, "read">,
  configured = 1,
): Promise<ShardHead[]> {
  const all = await Promise.all(ALL_SHARDS.map(async (shard) => ({ shard, head: await headOf(shard).read() })));
  return all.filter(({ shard, head }) => shard < configured || head !== undefined);
}
