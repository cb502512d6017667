/** One key signs all shards, each under its own name. */
import { ALL_SHARDS, shardOf, shardOrigin } from "./shard.ts";
import { createVerifierKey, type VerifierKey } from "./verifier-key.ts";

/** @throws INPUT_INVALID for the key of another shard than the first, or of a log that has none */
export function shardKey(first: VerifierKey, shard: number): VerifierKey {
  return shard === 0 ? first : createVerifierKey(shardOrigin(first.name, shard), first.publicKey, first.algorithm);
}

/**
 * @param given of one log or of some of its shards
 * @returns the key of each shard that there can be: for a log that has none, of the log as shard 0
 */
export function keysOfShards(given: readonly VerifierKey[]): ReadonlyMap<number, VerifierKey> {
  const [first] = given;
  if (first === undefined) return new Map();
  const own = new Map(given.map((key) => [shardOf(key.name), key]));
  if (!first.name.endsWith("/0")) return given.length === 1 ? new Map([[0, first]]) : own;
  return new Map(ALL_SHARDS.map((shard) => [shard, own.get(shard) ?? shardKey(first, shard)]));
}
