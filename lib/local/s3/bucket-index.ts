/** The versions of one bucket in memory: by key in the order of their UTF-8 bytes, the newest first under each. */
import type { Version } from "./version.ts";

export interface BucketIndex {
  /** All keys that have a version, in order. */
  readonly keys: readonly string[];
  /** Newest first; empty for an unknown key. */
  versionsOf(key: string): readonly Version[];
  add(version: Version): void;
  /** Puts changed properties of a version in place of what was known. */
  replace(version: Version): void;
  remove(version: Version): void;
}

export function bucketIndex(stored: readonly Version[]): BucketIndex {
  const newestFirst = stored.toSorted((left, right) => (left.id < right.id ? 1 : -1));
  const versions: Map<string, readonly Version[]> = Map.groupBy(newestFirst, (version) => version.key);
  const keys = [...versions.keys()].sort(compareKeys);
  return {
    keys,
    versionsOf: (key) => versions.get(key) ?? [],
    add(version) {
      const known = versions.get(version.key);
      if (known === undefined) {
        keys.splice(
          firstIndex(keys, (key) => compareKeys(key, version.key) > 0),
          0,
          version.key,
        );
      }
      versions.set(version.key, [version, ...(known ?? [])]);
    },
    replace(version) {
      const known = versions.get(version.key) ?? [];
      versions.set(
        version.key,
        known.map((each) => (each.id === version.id ? version : each)),
      );
    },
    remove(version) {
      const left = (versions.get(version.key) ?? []).filter((each) => each.id !== version.id);
      if (left.length > 0) {
        versions.set(version.key, left);
      } else if (versions.delete(version.key)) {
        keys.splice(
          firstIndex(keys, (key) => compareKeys(key, version.key) >= 0),
          1,
        );
      }
    },
  };
}

/** Where the first element is for which the claim holds, given that it holds for all after it; the length if there is none. */
export function firstIndex<T>(sorted: readonly T[], holds: (element: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] as T)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** The order of UTF-8 bytes, which S3 lists by. It differs from that of UTF-16 where surrogates meet U+E000 to U+FFFF. */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(left.charCodeAt(at)) - rank(right.charCodeAt(at));
    if (difference !== 0) {
      return difference;
    }
  }
  return left.length - right.length;
}

const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;

function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit < AFTER_SURROGATES ? unit + 0x10000 : unit;
}
