/** Hashes of a tree from its tiles: at every place, through the cache, and from tiles that are gone or wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import type { LogSource } from "../../../lib/core/evidence/log-source.ts";
import { leafHash } from "../../../lib/core/evidence/merkle.ts";
import { proveInclusion, readRoot } from "../../../lib/core/evidence/prove.ts";
import { MAX_CACHED_TILES, tileHashes } from "../../../lib/core/evidence/tile-hashes.ts";
import { decimals } from "./decimal-log.ts";
import { storedDecimals } from "./decimal-source.ts";
import * as rfc from "./rfc6962.ts";

const corrupt = { code: "LOG_CORRUPT" };

/** Notes each path that is read. */
function watched(source: LogSource): LogSource & { readonly paths: string[] } {
  const paths: string[] = [];
  return {
    paths,
    read(path) {
      paths.push(path);
      return source.read(path);
    },
  };
}

test("gives the hash of every complete subtree, stored or computed", async () => {
  const { reader } = storedDecimals(1500);
  const entries = decimals(0, 1500);
  for (let level = 0; 2 ** level <= 1500; level += 1) {
    for (let index = 0; (index + 1) * 2 ** level <= 1500; index += level === 0 ? 37 : 1) {
      const subtree = entries.slice(index * 2 ** level, (index + 1) * 2 ** level);
      expect(await reader.read({ level, index }), `${level}/${index}`).toBe(rfc.treeHash(subtree));
    }
  }
});

test.each([1, 255, 256, 257, 1000, 65_535, 65_536, 65_537])("tiles of %i entries give the log's root", async (size) => {
  const { reader, tree } = storedDecimals(size);
  expect(await readRoot(reader, size)).toBe(tree.root);
});

test("reads no tile but those of its own size", async () => {
  const { objects } = storedDecimals(70_000);
  const source = watched(memoryLogSource(objects));
  await readRoot(tileHashes(source, 70_000), 70_000);
  expect(source.paths.sort()).toEqual(["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
});

test("falls back to the full tile where the partial is gone", async () => {
  const old = storedDecimals(1000);
  const { objects } = storedDecimals(70_000);
  const source = watched(memoryLogSource(objects));
  const reader = tileHashes(source, 1000);
  expect(await readRoot(reader, 1000)).toBe(old.tree.root);
  expect(source.paths).toEqual(
    expect.arrayContaining(["tile/0/003.p/232", "tile/0/003", "tile/1/000.p/3", "tile/1/000"]),
  );
});

test("reads a tile once for all the hashes that a proof takes from it", async () => {
  const { objects } = storedDecimals(1000);
  const source = watched(memoryLogSource(objects));
  const reader = tileHashes(source, 1000);
  for (let index = 0; index < 256; index += 1) await proveInclusion(reader, index, 1000);
  expect(source.paths.sort()).toEqual(["tile/0/000", "tile/0/003.p/232", "tile/1/000.p/3"]);
});

test("keeps the tiles used last and forgets the others", async () => {
  const full = Buffer.alloc(8192, 1);
  const source = watched({ read: async () => full });
  const reader = tileHashes(source, 2 ** 30);
  const touch = (tile: number) => reader.read({ level: 0, index: tile * 256 });
  for (let tile = 0; tile < MAX_CACHED_TILES; tile += 1) await touch(tile);
  await touch(0);
  await touch(MAX_CACHED_TILES);
  expect(source.paths).toHaveLength(MAX_CACHED_TILES + 1);
  await touch(0);
  expect(source.paths).toHaveLength(MAX_CACHED_TILES + 1);
  await touch(1);
  expect(source.paths).toHaveLength(MAX_CACHED_TILES + 2);
});

test("asks again after a source that failed", async () => {
  const { objects, tree } = storedDecimals(300);
  const stored = memoryLogSource(objects);
  let isDown = true;
  const reader = tileHashes(
    { read: (path) => (isDown ? Promise.reject(new Error("no route")) : stored.read(path)) },
    300,
  );
  await expect(readRoot(reader, 300)).rejects.toThrow("no route");
  isDown = false;
  expect(await readRoot(reader, 300)).toBe(tree.root);
});

describe("stops with LOG_CORRUPT at", () => {
  test.each(["tile/0/001.p/44", "tile/0/000"])("%s when it is missing", async (path) => {
    const { objects } = storedDecimals(300);
    objects.delete(path);
    const reader = tileHashes(memoryLogSource(objects), 300);
    const index = path.includes(".p/") ? 299 : 0;
    await expect(reader.read({ level: 0, index })).rejects.toMatchObject({
      ...corrupt,
      message: expect.stringContaining(path),
    });
  });

  test("a tile of any other length", async () => {
    for (const length of [0, 1, 32 * 43, 32 * 44 - 1, 32 * 44 + 1, 8192]) {
      const reader = tileHashes({ read: async () => Buffer.alloc(length) }, 300);
      await expect(reader.read({ level: 0, index: 299 })).rejects.toMatchObject(corrupt);
    }
    const { objects } = storedDecimals(300);
    objects.set("tile/0/000", Buffer.alloc(32 * 255));
    await expect(tileHashes(memoryLogSource(objects), 300).read({ level: 3, index: 0 })).rejects.toMatchObject(corrupt);
  });
});

test("refuses subtrees that are not complete in the tree, and numbers that name none", async () => {
  const { reader } = storedDecimals(300);
  expect(await reader.read({ level: 0, index: 0 })).toBe(leafHash(Buffer.from("0")));
  const numbers = fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger());
  const isOutside = ({ level, index }: { level: number; index: number }) => {
    const isPlace = Number.isInteger(level) && Number.isInteger(index) && level >= 0 && index >= 0;
    return !isPlace || (index + 1) * 2 ** level > 300;
  };
  await fc.assert(
    fc.asyncProperty(fc.record({ level: numbers, index: numbers }).filter(isOutside), async (subtree) => {
      await expect(reader.read(subtree)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    }),
  );
  for (const subtree of [
    { level: 0, index: 300 },
    { level: 8, index: 1 },
    { level: 9, index: 0 },
    { level: 2000, index: 0 },
  ]) {
    await expect(reader.read(subtree)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  }
});
