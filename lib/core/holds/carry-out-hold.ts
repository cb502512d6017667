/** Carries a recorded hold out on the stored objects, takes it off again, and looks whether it is there. */
import { concurrently } from "../evidence/concurrently.ts";
import type { LogSource } from "../evidence/log-source.ts";
import { isPartialPath } from "../evidence/tile-path.ts";
import type { HoldScope } from "./hold.ts";
import { payloadPaths, proofPaths } from "./needed-objects.ts";
import type { ObjectHolds, StoredVersion } from "./object-holds.ts";

/** S3 takes 3,500 changes a second under one prefix: what hides the way there and back. */
const MAX_OBJECTS_AT_ONCE = 16;

const CHECKPOINT = "checkpoint";

export interface HoldWorld {
  readonly log: LogSource;
  readonly objects: ObjectHolds;
  /** Once aborted, nothing new is begun; what is under way is finished. */
  readonly signal?: AbortSignal;
  onProgress?(done: number, all: number): void;
}

export interface CarriedOut {
  /** Whether nothing was left to do when it ended. */
  readonly isComplete: boolean;
  readonly objects: number;
  /** Versions that were set, or that are as they should be. */
  readonly versions: number;
  /** Paths under which nothing is stored. */
  readonly missing: readonly string[];
  /** Versions that are not held and should be: when looking only. */
  readonly loose: readonly StoredVersion[];
}

type Needed = Pick<HoldScope, "size" | "ranges" | "checkpoint">;

/** Every object but the checkpoint; their order is that of the log. */
export async function neededPaths(log: LogSource, scope: Pick<HoldScope, "size" | "ranges">): Promise<Set<string>> {
  return new Set([...(await proofPaths(scope)), ...(await payloadPaths(log, scope))]);
}

/** Idempotent: done again, it does what is left to do. */
export async function placeHold(world: HoldWorld, hold: Needed): Promise<CarriedOut> {
  const paths = await neededPaths(world.log, hold);
  return forEachVersion(world, { paths, checkpoint: hold.checkpoint }, async (stored) => {
    await world.objects.set(stored, "held");
    return true;
  });
}

export async function checkHold(world: HoldWorld, hold: Needed): Promise<CarriedOut> {
  const paths = await neededPaths(world.log, hold);
  return forEachVersion(world, { paths, checkpoint: hold.checkpoint }, (stored) => world.objects.isHeld(stored));
}

/** @param others what other holds are on, in the same shard: what they need stays held */
export async function liftHold(world: HoldWorld, hold: Needed, others: readonly Needed[]): Promise<CarriedOut> {
  const paths = await neededPaths(world.log, hold);
  for (const other of others) {
    for (const path of await storedPaths(world.objects, await proofPaths(other))) paths.delete(path);
  }
  if ([...paths].some((path) => path.startsWith("payload/"))) {
    for (const other of others) for (const path of await payloadPaths(world.log, other)) paths.delete(path);
  }
  const isShared = others.some(({ checkpoint }) => checkpoint === hold.checkpoint);
  return forEachVersion(world, { paths, ...(!isShared && { checkpoint: hold.checkpoint }) }, async (stored) => {
    await world.objects.set(stored, "released");
    return true;
  });
}

interface Subjects {
  readonly paths: ReadonlySet<string>;
  readonly checkpoint?: string;
}

async function forEachVersion(
  { objects, signal, onProgress }: HoldWorld,
  { paths, checkpoint }: Subjects,
  work: (stored: StoredVersion) => Promise<boolean>,
): Promise<CarriedOut> {
  const all = paths.size + (checkpoint === undefined ? 0 : 1);
  const missing: string[] = [];
  const loose: StoredVersion[] = [];
  let [done, versions] = [0, 0];
  await concurrently(
    MAX_OBJECTS_AT_ONCE,
    unlessAborted([...paths, ...(checkpoint ? [CHECKPOINT] : [])], signal),
    async (path) => {
      const stored = path === CHECKPOINT ? [{ path, version: checkpoint ?? "" }] : await versionsOf(objects, path);
      if (stored.length === 0) missing.push(path);
      for (const each of stored) {
        if (await work(each)) versions += 1;
        else loose.push(each);
      }
      done += 1;
      onProgress?.(done, all);
    },
  );
  return { isComplete: done === all, objects: all, versions, missing, loose };
}

function* unlessAborted(paths: Iterable<string>, signal: AbortSignal | undefined): Generator<string> {
  for (const path of paths) {
    if (signal?.aborted === true) return;
    yield path;
  }
}

/** A partial that the bucket's lifecycle has taken away has grown into the full object since, which holds all of it. */
async function versionsOf(objects: ObjectHolds, path: string): Promise<StoredVersion[]> {
  const own = await objects.versions(path);
  if (own.length > 0 || !isPartialPath(path)) return own.map((version) => ({ path, version }));
  const full = fullPath(path);
  return (await objects.versions(full)).map((version) => ({ path: full, version }));
}

/** Where the objects of a hold that stays are stored by now. */
async function storedPaths(objects: ObjectHolds, paths: ReadonlySet<string>): Promise<string[]> {
  const stored: string[] = [];
  for (const path of paths) {
    stored.push(path);
    if (isPartialPath(path) && (await objects.versions(path)).length === 0) stored.push(fullPath(path));
  }
  return stored;
}

function fullPath(partial: string): string {
  return partial.replace(/\.p\/\d+$/, "");
}
