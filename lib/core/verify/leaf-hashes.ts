/** The hot path of verification: hashing a bundle's entries and the tile above them without a copy of either. */
import { hash } from "node:crypto";
import { HASH_BYTES, type Hash } from "../evidence/merkle.ts";
import { TILE_WIDTH } from "../evidence/tile-path.ts";

const LENGTH_BYTES = 2;
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** Where a bundle stops making sense: at this entry, counted from 0 within the bundle. */
export type BundleOutcome =
  | { readonly outcome: "hashed"; readonly count: number }
  | { readonly outcome: "cut-short" | "too-many"; readonly entry: number };

/**
 * Writes the leaf hash of each entry to `hashes`, which has room for a full tile. The bundle is as it was afterwards: the byte before each
 * entry, the end of its length, is the leaf prefix for as long as the entry is hashed, which spares copying it behind one.
 */
export function hashLeaves(bundle: Buffer, hashes: Buffer): BundleOutcome {
  let offset = 0;
  let count = 0;
  for (; offset < bundle.length; count += 1) {
    if (count === TILE_WIDTH) return { outcome: "too-many", entry: count };
    const end = entryEnd(bundle, offset);
    if (end === undefined) return { outcome: "cut-short", entry: count };
    const prefixAt = offset + LENGTH_BYTES - 1;
    const lengthByte = bundle[prefixAt] ?? 0;
    bundle[prefixAt] = LEAF_PREFIX;
    hashes.write(hash("sha256", bundle.subarray(prefixAt, end), "binary"), count * HASH_BYTES, "binary");
    bundle[prefixAt] = lengthByte;
    offset = end;
  }
  return { outcome: "hashed", count };
}

/** @param scratch as long as a full tile and one byte; what it holds does not matter */
export function fullTileRoot(hashes: Buffer, scratch: Buffer): Hash {
  hashes.copy(scratch, 1);
  // Two hashes lie side by side, and the byte before them belongs to a pair that is hashed already: the node prefix goes there.
  for (let width = TILE_WIDTH / 2; width >= 1; width /= 2) {
    for (let i = 0; i < width; i += 1) {
      const start = 2 * HASH_BYTES * i;
      scratch[start] = NODE_PREFIX;
      const node = hash("sha256", scratch.subarray(start, start + 1 + 2 * HASH_BYTES), "binary");
      scratch.write(node, 1 + HASH_BYTES * i, "binary");
    }
  }
  return scratch.toString("hex", 1, 1 + HASH_BYTES);
}

/** The entries of a bundle that `hashLeaves` has found whole. */
export function* entriesOf(bundle: Buffer): Generator<Buffer> {
  for (let offset = 0; offset < bundle.length; ) {
    const end = entryEnd(bundle, offset) ?? bundle.length;
    yield bundle.subarray(offset + LENGTH_BYTES, end);
    offset = end;
  }
}

/** @returns how many bytes of the bundle its first `count` entries take; undefined when it does not hold as many */
export function lengthOfEntries(bundle: Buffer, count: number): number | undefined {
  let offset: number | undefined = 0;
  for (let i = 0; i < count && offset !== undefined; i += 1) offset = entryEnd(bundle, offset);
  return offset;
}

function entryEnd(bundle: Buffer, offset: number): number | undefined {
  const [high, low] = [bundle[offset], bundle[offset + 1]];
  if (high === undefined || low === undefined) return undefined;
  const end = offset + LENGTH_BYTES + high * 256 + low;
  return end <= bundle.length ? end : undefined;
}
