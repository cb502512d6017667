/** One shard of a log, where the objects of all shards are kept together. */
import type { LogSource } from "../evidence/log-source.ts";
import { ALL_SHARDS, shardPrefix } from "../evidence/shard.ts";
import type { LogArchive, LogListing } from "./log-archive.ts";
import type { LogReader } from "./log-reader.ts";

export function shardReader(all: LogReader, shard: number): LogReader {
  const prefix = shardPrefix(shard);
  return { read: (path, room) => all.read(prefix + path, room) };
}

export function shardListing(all: LogListing, shard: number): LogListing {
  const prefix = shardPrefix(shard);
  return {
    async *list(paths) {
      for await (const object of all.list(prefix + paths)) yield { ...object, path: object.path.slice(prefix.length) };
    },
    history: (path) => all.history(prefix + path),
  };
}

export function shardArchive(all: LogArchive, shard: number): LogArchive {
  return { ...shardReader(all, shard), ...shardListing(all, shard) };
}

/**
 * Shards of which a checkpoint is there, or, where that can be asked, an object. Of an empty place, the first shard: whoever reads it says what
 * is missing.
 */
export async function shardsIn(log: LogSource, listing?: LogListing): Promise<number[]> {
  const isThere = await Promise.all(
    ALL_SHARDS.map(async (shard) => {
      const prefix = shardPrefix(shard);
      if ((await log.read(`${prefix}checkpoint`)) !== undefined) return true;
      return listing !== undefined && (await holdsAnything(listing, `${prefix}tile/`));
    }),
  );
  const present = ALL_SHARDS.filter((shard) => isThere[shard]);
  return present.length === 0 ? [0] : present;
}

async function holdsAnything(listing: LogListing, prefix: string): Promise<boolean> {
  for await (const _ of listing.list(prefix)) return true;
  return false;
}
