/** Walks a bucket's keys in order, rolling those with a delimiter up into common prefixes. */
import { type BucketIndex, compareKeys, firstIndex } from "./bucket-index.ts";
import type { S3Call } from "./operation.ts";
import { s3Error } from "./s3-error.ts";

/** A key, or a common prefix with the part of the index that it stands for. */
export type Step =
  | { readonly key: string }
  | { readonly commonPrefix: string; readonly from: number; readonly to: number };

/** Where a listing goes on. */
export type Place = { readonly after: string } | { readonly at: string } | { readonly afterPrefix: string };

export interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** For names of keys: as they are, or percent-encoded with encoding-type=url. */
  readonly encode: (name: string) => string;
  readonly isEncoded: boolean;
}

const MAX_KEYS = 1000;

export function parseListQuery({ query }: S3Call): ListQuery {
  const encoding = query.get("encoding-type");
  if (encoding !== null && encoding !== "url") {
    throw s3Error("InvalidArgument", "Invalid Encoding Method specified in Request");
  }
  const maxKeys = query.get("max-keys") || String(MAX_KEYS);
  if (!/^\d{1,10}$/.test(maxKeys)) {
    throw s3Error("InvalidArgument", "Provided max-keys not an integer or within integer range");
  }
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    maxKeys: Math.min(Number(maxKeys), MAX_KEYS),
    encode: encoding === "url" ? (name) => encodeURIComponent(name).replaceAll("%2F", "/") : (name) => name,
    isEncoded: encoding === "url",
  };
}

export function* walk({ keys }: BucketIndex, query: ListQuery, place: Place | undefined): Generator<Step> {
  const { prefix, delimiter } = query;
  const first = firstIndex(keys, (key) => compareKeys(key, prefix) >= 0);
  let at = Math.max(first, place === undefined ? 0 : indexOf(keys, place));
  while (at < keys.length) {
    const key = keys[at] ?? "";
    if (!key.startsWith(prefix)) {
      return;
    }
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      yield { key };
      at++;
    } else {
      const commonPrefix = key.slice(0, cut + delimiter.length);
      const to = indexOf(keys, { afterPrefix: commonPrefix });
      yield { commonPrefix, from: at, to };
      at = to;
    }
  }
}

/** The first so many of a sequence, and whether more follow. */
export function takePage<T>(
  items: Iterable<T>,
  size: number,
): { readonly page: readonly T[]; readonly isTruncated: boolean } {
  const page: T[] = [];
  if (size === 0) {
    return { page, isTruncated: false };
  }
  for (const item of items) {
    if (page.length === size) {
      return { page, isTruncated: true };
    }
    page.push(item);
  }
  return { page, isTruncated: false };
}

// Keys with a common prefix are neighbours in this order, so that those behind them are a tail of the list.
function indexOf(keys: readonly string[], place: Place): number {
  if ("afterPrefix" in place) {
    const { afterPrefix } = place;
    return firstIndex(keys, (key) => compareKeys(key, afterPrefix) > 0 && !key.startsWith(afterPrefix));
  }
  return "at" in place
    ? firstIndex(keys, (key) => compareKeys(key, place.at) >= 0)
    : firstIndex(keys, (key) => compareKeys(key, place.after) > 0);
}
