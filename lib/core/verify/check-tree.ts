/** One pass over a log's entries: every bundle against its tile, every tile against the one above it, every checkpoint against the tree. */
import { EMPTY_RANGE, extendRange, HASH_BYTES } from "../evidence/merkle.ts";
import { bundlePath, TILE_WIDTH, tilePath } from "../evidence/tile-path.ts";
import type { CheckpointsOnTheWay } from "./checkpoints-on-the-way.ts";
import type { EntryLook } from "./entry-look.ts";
import { compareHigherTiles } from "./higher-tiles.ts";
import { fullTileRoot, hashLeaves } from "./leaf-hashes.ts";
import { type LogReader, roomsInTurn } from "./log-reader.ts";
import { CHANGED, MISSING, notVerified, short } from "./not-verified.ts";
import { readAhead } from "./read-ahead.ts";

/** What hides the way to a server and back, and bounds the memory: a bundle has 16 MB at most, a common one a few hundred KB. */
const MAX_BUNDLES_AHEAD = 8;

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

export interface TreeCheck {
  readonly log: LogReader;
  readonly size: number;
  readonly checkpoints: CheckpointsOnTheWay;
  readonly look: EntryLook;
  readonly onProgress: (entries: number) => void;
}

interface Leaves {
  readonly first: number;
  readonly width: number;
  readonly bundlePath: string;
  readonly bundle: Buffer;
  readonly tilePath: string;
  readonly tile: Buffer;
}

/** @returns bytes of entry bundles and tiles; @throws NOT_VERIFIED with the first thing wrong */
export async function checkTree({ log, size, checkpoints, look, onProgress }: TreeCheck): Promise<number> {
  const higher = compareHigherTiles(log);
  const hashes = Buffer.allocUnsafe(TILE_BYTES);
  const scratch = Buffer.allocUnsafe(1 + TILE_BYTES);
  const rooms = roomsInTurn(MAX_BUNDLES_AHEAD);
  const fetch = (first: number): Promise<Leaves> => fetchLeaves(log, first, size, rooms());
  let tiles = EMPTY_RANGE;
  let bytes = 0;
  await checkpoints.pass(EMPTY_RANGE, hashes, 0);
  for await (const leaves of readAhead(MAX_BUNDLES_AHEAD, starts(size), fetch)) {
    const { first, width } = leaves;
    compareLeaves(leaves, hashes);
    const before = { size: first, hashes: tiles.hashes };
    if (width === TILE_WIDTH) {
      const root = fullTileRoot(hashes, scratch);
      tiles = extendRange(tiles, [root]);
      await higher.push(root);
    }
    // Tiles come before the checkpoint over them: they say more exactly where something is wrong.
    if (first + width === size) await higher.finish();
    await checkpoints.pass(before, hashes, width);
    await look(leaves.bundle, first, leaves.bundlePath);
    bytes += leaves.bundle.length + leaves.tile.length;
    onProgress(first + width);
  }
  return bytes + higher.bytes();
}

function* starts(size: number): Generator<number> {
  for (let first = 0; first < size; first += TILE_WIDTH) yield first;
}

async function fetchLeaves(log: LogReader, first: number, size: number, room: Buffer): Promise<Leaves> {
  const width = Math.min(TILE_WIDTH, size - first);
  const paths = { bundlePath: bundlePath(first / TILE_WIDTH, width), tilePath: tilePath(0, first / TILE_WIDTH, width) };
  const [bundle, tile] = await Promise.all([log.read(paths.bundlePath, room), log.read(paths.tilePath)]);
  const lost = `is missing, and a log of ${size} entries has it`;
  if (bundle === undefined)
    throw notVerified(paths.bundlePath, `${lost}: the entries ${first} to ${first + width - 1}`, MISSING);
  if (tile === undefined) throw notVerified(paths.tilePath, lost, MISSING);
  return { first, width, ...paths, bundle: asBuffer(bundle), tile: asBuffer(tile) };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function compareLeaves(leaves: Leaves, hashes: Buffer): void {
  const { first, width, bundle, tile } = leaves;
  const result = hashLeaves(bundle, hashes);
  if (result.outcome === "cut-short") {
    throw notVerified(leaves.bundlePath, `ends inside entry ${first + result.entry}`, CHANGED);
  }
  const count = result.outcome === "hashed" ? result.count : `more than ${result.entry}`;
  if (count !== width) throw notVerified(leaves.bundlePath, `holds ${count} entries instead of ${width}`, CHANGED);
  if (tile.length !== width * HASH_BYTES) {
    throw notVerified(
      leaves.tilePath,
      `has ${tile.length} bytes, and a tile of ${width} hashes has ${width * HASH_BYTES}`,
      CHANGED,
    );
  }
  if (hashes.compare(tile, 0, tile.length, 0, tile.length) !== 0) throw disagreement(leaves, hashes);
}

function disagreement({ first, width, tile, ...paths }: Leaves, hashes: Buffer): Error {
  const at = (bytes: Buffer, i: number): string => bytes.toString("hex", i * HASH_BYTES, (i + 1) * HASH_BYTES);
  const places = Array.from({ length: width }, (_, i) => i).filter((i) => at(hashes, i) !== at(tile, i));
  const [wrong = 0, ...others] = places;
  const more = others.length === 0 ? "" : ` (and ${others.length} more after it)`;
  return notVerified(
    `entry ${first + wrong} in ${paths.bundlePath}`,
    `hashes to ${short(at(hashes, wrong))}, and ${paths.tilePath} says ${short(at(tile, wrong))}${more}`,
    `the entry or the tile was changed. Either ${CHANGED}`,
  );
}
