/** A hold that is on several shards: carried out in one after the other. */
import { shardPrefix } from "../evidence/shard.ts";
import { shardLog } from "../evidence/shard-stores.ts";
import type { CarriedOut, HoldWorld } from "./carry-out-hold.ts";
import type { Hold, HoldScope } from "./hold.ts";
import type { ObjectHolds } from "./object-holds.ts";

/**
 * Stops at the first shard in which it was stopped.
 *
 * @param all the world of all shards
 * @returns the sums; paths are those of all shards
 */
export async function inShardsOf<T extends HoldScope>(
  all: HoldWorld,
  scopes: readonly T[],
  work: (world: HoldWorld, scope: T) => Promise<CarriedOut>,
): Promise<CarriedOut> {
  let sum: CarriedOut = { isComplete: true, objects: 0, versions: 0, missing: [], loose: [] };
  for (const scope of scopes) {
    const { shard = 0 } = scope;
    const done = await work(shardWorld(all, shard), scope);
    const prefix = shardPrefix(shard);
    sum = {
      isComplete: done.isComplete,
      objects: sum.objects + done.objects,
      versions: sum.versions + done.versions,
      missing: [...sum.missing, ...done.missing.map((path) => prefix + path)],
      loose: [...sum.loose, ...done.loose.map(({ path, version }) => ({ path: prefix + path, version }))],
    };
    if (!done.isComplete) break;
  }
  return sum;
}

/** What these holds are on in the same shard as the scope. */
export function scopesBeside({ shard = 0 }: HoldScope, holds: readonly Hold[]): HoldScope[] {
  return holds.flatMap(({ scopes }) => scopes.filter((scope) => (scope.shard ?? 0) === shard));
}

function shardWorld(all: HoldWorld, shard: number): HoldWorld {
  return { ...all, log: shardLog(all.log, shard), objects: shardObjects(all.objects, shard) };
}

function shardObjects(all: ObjectHolds, shard: number): ObjectHolds {
  const prefix = shardPrefix(shard);
  return {
    versions: (path) => all.versions(prefix + path),
    isHeld: ({ path, version }) => all.isHeld({ path: prefix + path, version }),
    set: ({ path, version }, status) => all.set({ path: prefix + path, version }, status),
  };
}
