/** Which objects of a log a hold needs: all that proving its entries reads. */
import type { HashReader, Subtree } from "../evidence/hash-reader.ts";
import type { LogSource } from "../evidence/log-source.ts";
import { EMPTY_ROOT } from "../evidence/merkle.ts";
import { proveInclusion } from "../evidence/prove.ts";
import { readEntries } from "../evidence/read-entries.ts";
import { bundlePath, TILE_WIDTH, tilePath } from "../evidence/tile-path.ts";
import { decodeRecord } from "../record/decode-record.ts";
import { PayloadReference } from "../verify/payloads.ts";
import type { HoldScope } from "./hold.ts";

/** Levels of the tree from one level of tiles to the next. */
const TILE_HEIGHT = 8;

/** As it stands in every entry that names a payload: most entries are not parsed. */
const NAMES_PAYLOAD = Buffer.from('"payload":{');

type Scope = Pick<HoldScope, "size" | "ranges">;

/** Bundles and tiles, the checkpoint aside. They are named by their paths in a log of the hold's size. */
export async function proofPaths({ size, ranges }: Scope): Promise<Set<string>> {
  const paths = new Set<string>();
  const reader = notingReader(size, paths);
  for (const { from, to } of ranges) {
    let start = from;
    while (start < to) {
      const bundle = Math.floor(start / TILE_WIDTH);
      paths.add(bundlePath(bundle, Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)));
      // Proofs of one bundle's entries read the same tiles: their own, and those on the way from there to the root.
      await proveInclusion(reader, start, size);
      start = (bundle + 1) * TILE_WIDTH;
    }
  }
  return paths;
}

/**
 * The payloads that the entries name. The entries are read.
 *
 * @throws LOG_CORRUPT where the log does not have them
 */
export async function payloadPaths(log: LogSource, { size, ranges }: Scope): Promise<Set<string>> {
  const paths = new Set<string>();
  for (const range of ranges) {
    for await (const { bytes } of readEntries(log, { size, ...range })) {
      const entry = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (!entry.includes(NAMES_PAYLOAD)) continue;
      const named = PayloadReference.safeParse(decodeRecord(entry).payload);
      if (named.success) paths.add(`payload/${named.data.sha256}`);
    }
  }
  return paths;
}

/** Notes the tiles that a proof would be made of; the hashes that it gives are of nothing. */
function notingReader(size: number, paths: Set<string>): HashReader {
  return {
    async read(subtree) {
      paths.add(tileOf(subtree, size));
      return EMPTY_ROOT;
    },
  };
}

function tileOf({ level, index }: Subtree, size: number): string {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const tile = Math.floor((index * 2 ** (level % TILE_HEIGHT)) / TILE_WIDTH);
  return tilePath(
    tileLevel,
    tile,
    Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** tileLevel) - tile * TILE_WIDTH),
  );
}
