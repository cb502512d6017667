/** The shards of a log: each is a whole log of its own, by its origin, its head and its objects; one key signs them all. */
import { hash } from "node:crypto";
import { GatebookError } from "../errors.ts";
import type { IndexKey } from "../record/index-entry.ts";
import { lastingName } from "./event-index.ts";

/** Each costs a checkpoint to sign and witnesses to ask, every minute. */
export const MAX_SHARDS = 16;

/** Of every log that Gatebook can have, whichever of them there are. */
export const ALL_SHARDS: readonly number[] = Array.from({ length: MAX_SHARDS }, (_, shard) => shard);

/** Hexadecimal digits of a digest that a number holds exactly. */
const DIGEST_DIGITS = 12;

/** The numbers up to MAX_SHARDS, without leading zeros. */
const NUMBER = String.raw`(?:\d|1[0-5])`;
const ORIGIN = new RegExp(String.raw`^(.+)\/(${NUMBER})$`, "s");
const PATH = new RegExp(String.raw`^shard\/(?!0)(${NUMBER})\/(.*)$`, "s");

/**
 * The same for every delivery of an event, whichever way it came.
 *
 * @param shards how many there are to choose from
 */
export function shardFor(key: IndexKey, shards: number): number {
  if (shards === 1) return 0;
  return Number.parseInt(hash("sha256", lastingName(key), "hex").slice(0, DIGEST_DIGITS), 16) % shards;
}

/**
 * @param first origin of shard 0
 * @throws INPUT_INVALID for an origin that is not shard 0's
 */
export function shardOrigin(first: string, shard: number): string {
  if (shard === 0) return first;
  const [, stem, number] = ORIGIN.exec(first) ?? [];
  if (stem !== undefined && number === "0") return `${stem}/${shard}`;
  throw new GatebookError("INPUT_INVALID", `${first} is not the first shard of a log: its name ends in /0`);
}

/** 0 for a log that has no shards. */
export function shardOf(origin: string): number {
  return Number(ORIGIN.exec(origin)?.[2] ?? 0);
}

/** Before the paths of a shard's objects. Shard 0 lies where a log that has no shards does. */
export function shardPrefix(shard: number): string {
  return shard === 0 ? "" : `shard/${shard}/`;
}

/** Whose object lies under a path, and what the shard itself calls it. */
export function splitShardPath(path: string): { readonly shard: number; readonly path: string } {
  const [, number, rest] = PATH.exec(path) ?? [];
  return number === undefined || rest === undefined ? { shard: 0, path } : { shard: Number(number), path: rest };
}
