/** All buckets of the local S3 on disk, and in memory what is asked of them often. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { type Bucket, openBucket, STATE_FILE } from "./bucket.ts";
import type { BucketState } from "./bucket-state.ts";
import { s3Error } from "./s3-error.ts";
import { openScratch } from "./whole-file.ts";

export interface Store {
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** Throws NoSuchBucket. */
  bucket(name: string): Bucket;
  create(state: BucketState): Promise<Bucket>;
  /** Throws BucketNotEmpty while a version is left. */
  remove(name: string): Promise<void>;
}

export async function openStore(directory: string): Promise<Store> {
  const root = join(directory, "buckets");
  await mkdir(root, { recursive: true });
  const scratch = await openScratch(join(directory, "unfinished"));
  const buckets = new Map<string, Bucket>();
  /** Names that are being created or removed. */
  const changing = new Set<string>();
  for (const name of (await readdir(root)).toSorted()) {
    if (existsSync(join(root, name, STATE_FILE))) {
      buckets.set(name, await openBucket(join(root, name), scratch));
    } else {
      // A crash while it was created; were there anything in it, this would throw.
      await rmdir(join(root, name));
    }
  }

  function existing(name: string): Bucket {
    return buckets.get(name) ?? missing(name);
  }

  function begin(name: string): void {
    if (changing.has(name)) {
      throw s3Error("OperationAborted");
    }
    changing.add(name);
  }

  return {
    buckets,
    bucket: existing,
    async create(state) {
      const { name } = state;
      if (buckets.has(name)) {
        throw s3Error("BucketAlreadyOwnedByYou");
      }
      begin(name);
      try {
        const created = await openBucket(join(root, name), scratch, state);
        buckets.set(name, created);
        return created;
      } finally {
        changing.delete(name);
      }
    },
    async remove(name) {
      const doomed = existing(name);
      if (doomed.index.keys.length > 0) {
        throw s3Error("BucketNotEmpty");
      }
      if (doomed.turns.count > 0) {
        throw s3Error("OperationAborted");
      }
      begin(name);
      buckets.delete(name);
      try {
        await scratch.discard(join(root, name));
      } finally {
        changing.delete(name);
      }
    },
  };
}

function missing(name: string): never {
  throw s3Error("NoSuchBucket", `The specified bucket does not exist: ${name}`);
}
