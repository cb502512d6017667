/** The stores of one shard, in the place that all shards share: their paths begin with the shard's prefix. */
import type { EvidenceStore } from "./evidence-store.ts";
import type { LogSource } from "./log-source.ts";
import type { TailStore } from "./seal-tail.ts";
import { shardPrefix } from "./shard.ts";

export function shardLog(all: LogSource, shard: number): LogSource {
  const prefix = shardPrefix(shard);
  return { read: (path) => all.read(prefix + path) };
}

export function shardEvidence(all: EvidenceStore, shard: number): EvidenceStore {
  const prefix = shardPrefix(shard);
  return { create: (path, bytes, contentType) => all.create(prefix + path, bytes, contentType) };
}

export function shardTail(all: TailStore, shard: number): TailStore {
  const prefix = shardPrefix(shard);
  return { seal: (path) => all.seal(prefix + path) };
}
