/** Reads a whole stored log again and checks every tile and every entry against the head, by RFC 6962's recursive definition. */
import { createHash } from "node:crypto";
import { decodeBundle } from "../../../lib/core/evidence/entry-bundle.ts";
import type { Head } from "../../../lib/core/evidence/head.ts";
import { bundlePath, tilePath } from "../../../lib/core/evidence/tile-path.ts";

type Read = (path: string) => Uint8Array | undefined;

const WIDTH = 256;

interface Block {
  readonly entries: readonly string[];
  readonly leaves: readonly Buffer[];
  readonly root: Buffer;
}

/** Bundles that are the very same object in memory are hashed once: the fault tests read a log of 65,000 entries hundreds of times. */
const blocks = new WeakMap<Uint8Array, Block>();

/** @returns the entries of the log as text; throws with the path of the first object that is missing or wrong */
export function readStoredLog(head: Head | undefined, read: Read): string[] {
  if (head === undefined) return [];
  const bundles = [...widths(head.size)].map(([index, width]) => {
    const path = bundlePath(index, width);
    const block = blockOf(need(read, path));
    if (block.entries.length !== width) throw new Error(`${path} holds ${block.entries.length} entries`);
    checkTile(read, tilePath(0, index, width), block.leaves);
    return block;
  });
  // Above 256 leaves the recursion splits at multiples of 256 only, so it may start from the roots of the bundles.
  const root = treeHash(bundles.map((block) => block.root)).toString("hex");
  if (root !== head.root) throw new Error("the entries do not have the root of the head");

  let hashes = bundles.filter((block) => block.entries.length === WIDTH).map((block) => block.root);
  for (let level = 1; hashes.length > 0; level += 1) {
    const roots: Buffer[] = [];
    for (const [index, width] of widths(hashes.length)) {
      const expected = hashes.slice(index * WIDTH, index * WIDTH + width);
      checkTile(read, tilePath(level, index, width), expected);
      if (width === WIDTH) roots.push(treeHash(expected));
    }
    hashes = roots;
  }
  return bundles.flatMap((block) => block.entries);
}

function blockOf(bundle: Uint8Array): Block {
  const known = blocks.get(bundle);
  if (known !== undefined) return known;
  const entries = decodeBundle(bundle);
  const leaves = entries.map((entry) => createHash("sha256").update(Buffer.of(0)).update(entry).digest());
  const block = { entries: entries.map((entry) => Buffer.from(entry).toString()), leaves, root: treeHash(leaves) };
  blocks.set(bundle, block);
  return block;
}

function checkTile(read: Read, path: string, expected: readonly Buffer[]): void {
  if (!Buffer.concat(expected).equals(need(read, path))) throw new Error(`${path} holds other hashes`);
}

function need(read: Read, path: string): Uint8Array {
  const bytes = read(path);
  if (bytes === undefined) throw new Error(`${path} is missing`);
  return bytes;
}

function* widths(count: number): Generator<[index: number, width: number]> {
  for (let start = 0; start < count; start += WIDTH) yield [start / WIDTH, Math.min(WIDTH, count - start)];
}

/** MTH of RFC 6962, section 2.1: split at the largest power of two below the count. */
function treeHash(hashes: readonly Buffer[]): Buffer {
  const [first] = hashes;
  if (first === undefined) return createHash("sha256").digest();
  if (hashes.length === 1) return first;
  const split = 2 ** Math.floor(Math.log2(hashes.length - 1));
  const [left, right] = [treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split))];
  return createHash("sha256").update(Buffer.of(1)).update(left).update(right).digest();
}
