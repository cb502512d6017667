/** Where an entry is: in which shard of the log, and at which index of it. */
import { MAX_SHARDS } from "./shard.ts";

export interface EntryPlace {
  readonly shard: number;
  /** In the shard, from 0. */
  readonly index: number;
}

/** `#1234`, or `#2/1234` in shard 2. */
export function formatPlace({ shard, index }: EntryPlace): string {
  return shard === 0 ? `#${index}` : `#${shard}/${index}`;
}

/**
 * @example
 * parsePlace("#2/1234") // { shard: 2, index: 1234 }
 * @returns undefined for what is no place
 */
export function parsePlace(text: string): EntryPlace | undefined {
  const [, shard = "0", index] = /^#(?:(\d{1,2})\/)?(\d{1,15})$/.exec(text) ?? [];
  if (index === undefined || Number(shard) >= MAX_SHARDS) return undefined;
  return { shard: Number(shard), index: Number(index) };
}
