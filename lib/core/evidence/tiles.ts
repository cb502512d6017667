/** The tiles and entry bundles that an append creates (https://c2sp.org/tlog-tiles#merkle-tree). */
import { GatebookError } from "../errors.ts";
import { decodeBundle, encodeBundle } from "./entry-bundle.ts";
import { type LogObject, OCTET_STREAM } from "./log-object.ts";
import { type CompactRange, EMPTY_RANGE, extendRange, HASH_BYTES, type Hash, leafHash, rootOf } from "./merkle.ts";
import { bundlePath, TILE_WIDTH, tilePath } from "./tile-path.ts";

/** The right edge of the log: all that an append has to know of what is there already. */
export interface Edge {
  readonly size: number;
  /** The partial tile of each level, from the leaves up; empty where a level has none. */
  readonly tiles: readonly (readonly Hash[])[];
  /** The entries of the partial bundle. */
  readonly entries: readonly Uint8Array[];
}

export interface Growth {
  readonly edge: Edge;
  /** What is stored for the first time. */
  readonly created: readonly LogObject[];
  /** The partials of the new edge that were stored before: higher levels, while no tile below them filled up. */
  readonly carried: readonly LogObject[];
}

export const EMPTY_EDGE: Edge = { size: 0, tiles: [], entries: [] };

export function growEdge(edge: Edge, entries: readonly Uint8Array[]): Growth {
  const created: LogObject[] = [];
  const carried: LogObject[] = [];
  const bundles = split([...edge.entries, ...entries]);
  const bundleIndex = Math.floor(edge.size / TILE_WIDTH);
  for (const [i, full] of bundles.full.entries()) created.push(bundleObject(bundleIndex + i, full));
  if (bundles.rest.length > 0) {
    (entries.length > 0 ? created : carried).push(bundleObject(bundleIndex + bundles.full.length, bundles.rest));
  }

  const tiles: (readonly Hash[])[] = [];
  let additions: readonly Hash[] = entries.map(leafHash);
  // Only the root of a full tile is a hash of the level above: partial tiles never hash upwards.
  for (let level = 0; level < edge.tiles.length || additions.length > 0; level += 1) {
    const { full, rest } = split([...(edge.tiles[level] ?? []), ...additions]);
    const index = Math.floor(edge.size / TILE_WIDTH ** (level + 1));
    for (const [i, hashes] of full.entries()) created.push(tileObject(level, index + i, hashes));
    if (rest.length > 0) (additions.length > 0 ? created : carried).push(tileObject(level, index + full.length, rest));
    tiles.push(rest);
    additions = full.map((hashes) => rootOf(extendRange(EMPTY_RANGE, hashes)));
  }
  return { edge: { size: edge.size + entries.length, tiles, entries: bundles.rest }, created, carried };
}

/** The compact range of the whole log: each level's partial tile holds the subtrees between two powers of 256. */
export function rangeOf(edge: Edge): CompactRange {
  const hashes = edge.tiles.toReversed().flatMap((tile) => extendRange(EMPTY_RANGE, tile).hashes);
  return { size: edge.size, hashes };
}

/**
 * Reads the edge of a log of `size` entries back from its partial tiles and its partial bundle.
 *
 * @throws LOG_CORRUPT when one of them is missing or is not as wide as the size says
 */
export function readEdge(size: number, read: (path: string) => Uint8Array | undefined): Edge {
  const need = (path: string): Uint8Array => {
    const bytes = read(path);
    if (bytes === undefined) throw new GatebookError("LOG_CORRUPT", `${path} is missing in a log of ${size} entries`);
    return bytes;
  };
  const tiles: (readonly Hash[])[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    const count = Math.floor(size / TILE_WIDTH ** level);
    const path = tilePath(level, Math.floor(count / TILE_WIDTH), count % TILE_WIDTH);
    tiles.push(count % TILE_WIDTH === 0 ? [] : decodeTile(path, need(path), count % TILE_WIDTH));
  }
  const width = size % TILE_WIDTH;
  const bundle = bundlePath(Math.floor(size / TILE_WIDTH), width);
  const entries = width === 0 ? [] : decodeBundle(need(bundle));
  if (entries.length !== width) throw notAsWide(bundle, entries.length);
  return { size, tiles, entries };
}

function decodeTile(path: string, bytes: Uint8Array, width: number): Hash[] {
  if (bytes.byteLength !== width * HASH_BYTES) throw notAsWide(path, bytes.byteLength / HASH_BYTES);
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return Array.from({ length: width }, (_, i) => hex.slice(2 * HASH_BYTES * i, 2 * HASH_BYTES * (i + 1)));
}

function notAsWide(path: string, width: number): GatebookError {
  return new GatebookError("LOG_CORRUPT", `${path} is ${width} wide`);
}

function split<T>(items: readonly T[]): { full: (readonly T[])[]; rest: readonly T[] } {
  const full: (readonly T[])[] = [];
  const fullCount = Math.floor(items.length / TILE_WIDTH);
  for (let i = 0; i < fullCount; i += 1) full.push(items.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH));
  return { full, rest: items.slice(fullCount * TILE_WIDTH) };
}

function bundleObject(index: number, entries: readonly Uint8Array[]): LogObject {
  return { path: bundlePath(index, entries.length), bytes: encodeBundle(entries), contentType: OCTET_STREAM };
}

function tileObject(level: number, index: number, hashes: readonly Hash[]): LogObject {
  const bytes = Buffer.from(hashes.join(""), "hex");
  return { path: tilePath(level, index, hashes.length), bytes, contentType: OCTET_STREAM };
}
