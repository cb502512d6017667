/** The hashes of a tree, read from a log's tiles (https://c2sp.org/tlog-tiles#merkle-tree). */
import { GatebookError } from "../errors.ts";
import type { HashReader, Subtree } from "./hash-reader.ts";
import type { LogSource } from "./log-source.ts";
import { EMPTY_RANGE, extendRange, HASH_BYTES, type Hash, rootOf } from "./merkle.ts";
import { TILE_WIDTH, tilePath } from "./tile-path.ts";

/** Two megabytes of full tiles: many times what one proof reads, so that proofs of neighbours share them. */
export const MAX_CACHED_TILES = 256;

/** Levels of the tree from one level of tiles to the next. */
const TILE_HEIGHT = 8;

/** @param size of the tree, taken from an opened checkpoint: partial tiles of other sizes need not exist */
export function tileHashes(source: LogSource, size: number): HashReader {
  const readTile = cached((level, index) => fetchTile(source, size, level, index));
  return {
    async read(subtree) {
      if (!isComplete(subtree, size)) {
        throw new GatebookError(
          "INPUT_INVALID",
          `the subtree ${subtree.index} of level ${subtree.level} is not complete in a log of ${size} entries`,
        );
      }
      const tileLevel = Math.floor(subtree.level / TILE_HEIGHT);
      // What lies between two levels of tiles is not stored and spans hashes of one tile, since its span divides 256.
      const span = 2 ** (subtree.level % TILE_HEIGHT);
      const first = subtree.index * span;
      const tile = await readTile(tileLevel, Math.floor(first / TILE_WIDTH));
      return rootOf(extendRange(EMPTY_RANGE, hashesOf(tile, first % TILE_WIDTH, span)));
    },
  };
}

function isComplete({ level, index }: Subtree, size: number): boolean {
  const isPlace = Number.isSafeInteger(level) && Number.isSafeInteger(index) && level >= 0 && index >= 0;
  return isPlace && (index + 1) * 2 ** level <= size;
}

/** @returns at least as many hashes as the tile has in a tree of this size */
async function fetchTile(source: LogSource, size: number, level: number, index: number): Promise<Buffer> {
  const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH);
  const partial = width < TILE_WIDTH ? await source.read(tilePath(level, index, width)) : undefined;
  if (partial !== undefined) return checkedWidth(partial, tilePath(level, index, width), width);
  // A partial may be removed once its tile is full; the full one starts with the same hashes.
  const path = tilePath(level, index);
  const full = await source.read(path);
  if (full !== undefined) return checkedWidth(full, path, TILE_WIDTH);
  const missing =
    width < TILE_WIDTH ? `${tilePath(level, index, width)} is missing, and so is ${path}` : `${path} is missing`;
  throw new GatebookError("LOG_CORRUPT", `${missing}: a log of ${size} entries has it`);
}

function checkedWidth(bytes: Uint8Array, path: string, width: number): Buffer {
  if (bytes.byteLength !== width * HASH_BYTES) {
    throw new GatebookError("LOG_CORRUPT", `${path} has ${bytes.byteLength} bytes instead of ${width * HASH_BYTES}`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hashesOf(tile: Buffer, first: number, count: number): Hash[] {
  const at = (i: number): number => (first + i) * HASH_BYTES;
  return Array.from({ length: count }, (_, i) => tile.toString("hex", at(i), at(i + 1)));
}

type ReadTile = (level: number, index: number) => Promise<Buffer>;

/** Keeps the tiles that were used last, and what is on its way: a proof asks for several hashes of one tile at once. */
function cached(fetch: ReadTile): ReadTile {
  const tiles = new Map<string, Promise<Buffer>>();
  return (level, index) => {
    const name = `${level}/${index}`;
    const tile = tiles.get(name) ?? fetch(level, index);
    tiles.delete(name);
    tiles.set(name, tile);
    const [oldest] = tiles.keys();
    if (tiles.size > MAX_CACHED_TILES && oldest !== undefined) tiles.delete(oldest);
    // A source that failed may answer the next time.
    tile.catch(() => tiles.get(name) === tile && tiles.delete(name));
    return tile;
  };
}
