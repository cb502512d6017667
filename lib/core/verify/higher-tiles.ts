/** The tiles above level 0, each compared with what the tiles under it hash to, as these go by. */

import { EMPTY_RANGE, extendRange, HASH_BYTES, type Hash, rootOf } from "../evidence/merkle.ts";
import { TILE_WIDTH, tilePath } from "../evidence/tile-path.ts";
import type { LogReader } from "./log-reader.ts";
import { CHANGED, MISSING, notVerified, short } from "./not-verified.ts";

export interface HigherTiles {
  /** Takes the root of the next full tile of level 0. */
  push(root: Hash): Promise<void>;
  /** Compares what is left: the partial tile of each level. */
  finish(): Promise<void>;
  /** Bytes compared so far. */
  bytes(): number;
}

export function compareHigherTiles(log: LogReader): HigherTiles {
  /** By level, without level 0: the hashes that wait for their tile to fill up, and the tile's index. */
  const levels: { hashes: Hash[]; index: number }[] = [];
  let bytes = 0;

  async function pushTo(level: number, hash: Hash): Promise<void> {
    levels[level - 1] ??= { hashes: [], index: 0 };
    const open = levels[level - 1];
    if (open === undefined) return;
    open.hashes.push(hash);
    if (open.hashes.length < TILE_WIDTH) return;
    bytes += await compareTile(log, level, open.index, open.hashes);
    const root = rootOf(extendRange(EMPTY_RANGE, open.hashes));
    levels[level - 1] = { hashes: [], index: open.index + 1 };
    await pushTo(level + 1, root);
  }

  return {
    push: (root) => pushTo(1, root),
    async finish() {
      for (const [i, { hashes, index }] of levels.entries()) {
        if (hashes.length > 0) bytes += await compareTile(log, i + 1, index, hashes);
      }
    },
    bytes: () => bytes,
  };
}

async function compareTile(log: LogReader, level: number, index: number, hashes: readonly Hash[]): Promise<number> {
  const path = tilePath(level, index, hashes.length);
  const bytes = await log.read(path);
  if (bytes === undefined) throw notVerified(path, "is missing", MISSING);
  if (bytes.byteLength !== hashes.length * HASH_BYTES) {
    const found = `has ${bytes.byteLength} bytes, and a tile of ${hashes.length} hashes has ${hashes.length * HASH_BYTES}`;
    throw notVerified(path, found, CHANGED);
  }
  const stored = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  const wrong = hashes.findIndex((hash, i) => !stored.startsWith(hash, 2 * HASH_BYTES * i));
  if (wrong === -1) return bytes.byteLength;
  const below = tilePath(level - 1, index * TILE_WIDTH + wrong);
  const says = stored.slice(2 * HASH_BYTES * wrong, 2 * HASH_BYTES * (wrong + 1));
  throw notVerified(
    path,
    `says ${short(says)} of ${below}, which hashes to ${short(hashes[wrong] ?? "")}`,
    `either ${path} alone was changed, or ${below} and everything under it was: ${CHANGED}`,
  );
}
