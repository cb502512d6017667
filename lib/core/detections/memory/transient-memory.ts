/** A memory that lasts as long as it is held: for backtests, the examples of rules, and tests. */
import { type DetectionMemory, type Judgement, type MemoryKey, memoryName } from "./detection-memory.ts";
import type { OpenBuckets } from "./open-buckets.ts";

interface Bucket {
  readonly key: MemoryKey;
  readonly members: Set<string>;
  owner?: string;
  revision: number;
  due?: number;
  latest: Judgement["latest"];
}

/** @param now in epoch milliseconds; without it, what waits is due when its own time says so */
export function transientMemory(now: () => number = () => 0): DetectionMemory & OpenBuckets {
  const buckets = new Map<string, Bucket>();
  const bucketAt = ({ key, bucket: time }: MemoryKey): Bucket => {
    const name = memoryName({ key, bucket: time });
    const place = { key, bucket: time };
    const bucket = buckets.get(name) ?? { key: place, members: new Set(), revision: 0, latest: { at: "", text: "" } };
    buckets.set(name, bucket);
    return bucket;
  };
  return {
    async recall(keys) {
      const found = keys.map(memoryName).flatMap((name) => {
        const bucket = buckets.get(name);
        if (bucket === undefined) return [];
        const { members, owner, due, revision, latest } = bucket;
        const waiting = { revision, latest: latest.text, isCut: false };
        const copy = { members: new Set(members), ...(owner !== undefined && { owner }) };
        return [[name, { ...copy, ...(due !== undefined && { waiting }) }] as const];
      });
      return new Map(found);
    },
    async remember(writes) {
      for (const write of writes) {
        const bucket = bucketAt(write);
        for (const member of write.add) bucket.members.add(member);
        for (const member of write.remove) bucket.members.delete(member);
        if (write.judge !== undefined) wait(bucket, write.judge, now());
      }
    },
    async claim(key, owner) {
      const bucket = bucketAt(key);
      bucket.owner ??= owner;
      return bucket.owner;
    },
    async due(at, limit) {
      const waiting = [...buckets.values()].flatMap(({ key, due }) =>
        due !== undefined && due <= at ? [{ ...key, due }] : [],
      );
      return waiting.sort((a, b) => a.due - b.due).slice(0, limit);
    },
    async close(key, revision) {
      const bucket = bucketAt(key);
      if (bucket.revision === revision) delete bucket.due;
    },
  };
}

function wait(bucket: Bucket, { end, latenessMs, latest }: Judgement, now: number): void {
  bucket.revision += 1;
  bucket.due ??= Math.max(end, now) + latenessMs;
  if (latest.at > bucket.latest.at) bucket.latest = latest;
}
