/** The log of decimal numbers as it is stored at one size, and its hashes. */
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import type { HashReader } from "../../../lib/core/evidence/hash-reader.ts";
import { rootOf } from "../../../lib/core/evidence/merkle.ts";
import { tileHashes } from "../../../lib/core/evidence/tile-hashes.ts";
import { EMPTY_EDGE, growEdge, rangeOf } from "../../../lib/core/evidence/tiles.ts";
import { decimals } from "./decimal-log.ts";

export interface StoredDecimals {
  readonly objects: Map<string, Uint8Array>;
  readonly reader: HashReader;
  readonly tree: { readonly size: number; readonly root: string };
}

/** As one append of `size` entries leaves it: no partials but those of this size. */
export function storedDecimals(size: number): StoredDecimals {
  const { edge, created } = growEdge(EMPTY_EDGE, decimals(0, size));
  const objects = new Map(created.map(({ path, bytes }) => [path, bytes]));
  return { objects, reader: tileHashes(memoryLogSource(objects), size), tree: { size, root: rootOf(rangeOf(edge)) } };
}
