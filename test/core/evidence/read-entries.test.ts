/** Entries are read from the bundles of a log, in order, whatever its size, and never past a bundle that is not as it should be. */
import { describe, expect, test } from "vitest";
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import { readEntries, readEntry } from "../../../lib/core/evidence/read-entries.ts";
import { createLogWorld, eventRange } from "./log-world.ts";

const SIZES = [1, 255, 256, 257, 512, 700];

async function logOf(size: number) {
  const world = createLogWorld();
  const append = world.startWorker();
  for (let from = 0; from < size; from += 100) await append(eventRange(from, Math.min(size, from + 100)));
  const { objects } = await world.stored();
  return new Map(objects);
}

async function textsOf(objects: ReadonlyMap<string, Uint8Array>, size: number, from: number, to: number) {
  const texts: string[] = [];
  for await (const { index, bytes } of readEntries(memoryLogSource(objects), { size, from, to })) {
    texts.push(`${index}:${Buffer.from(bytes).toString()}`);
  }
  return texts;
}

describe.each(SIZES)("a log of %i entries", (size) => {
  const expected = Array.from({ length: size }, (_, i) => `${i}:e${i}`);

  test("is read whole, and in any part", async () => {
    const objects = await logOf(size);
    expect(await textsOf(objects, size, 0, size)).toEqual(expected);
    expect(await textsOf(objects, size, 0, Number.POSITIVE_INFINITY)).toEqual(expected);
    const middle = Math.floor(size / 2);
    expect(await textsOf(objects, size, middle, size - 1)).toEqual(expected.slice(middle, size - 1));
    expect(await textsOf(objects, size, size, size + 1)).toEqual([]);
  });

  test("gives each entry by its place", async () => {
    const source = memoryLogSource(await logOf(size));
    for (const index of [0, Math.floor(size / 2), size - 1]) {
      expect(Buffer.from((await readEntry(source, size, index)) ?? []).toString()).toBe(`e${index}`);
    }
    expect(await readEntry(source, size, size)).toBeUndefined();
    expect(await readEntry(source, size, -1)).toBeUndefined();
  });
});

test("a bundle that is missing, short or cut is said, whoever stops reading before it notwithstanding", async () => {
  const objects = await logOf(700);
  objects.delete("tile/entries/001");
  await expect(textsOf(objects, 700, 0, 700)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
  expect(await textsOf(objects, 700, 0, 200)).toHaveLength(200);
  objects.set("tile/entries/001", objects.get("tile/entries/000")?.subarray(0, 20) ?? new Uint8Array());
  await expect(textsOf(objects, 700, 300, 301)).rejects.toThrow("tile/entries/001");
  objects.set("tile/entries/001", Buffer.of(0, 9, 1));
  await expect(textsOf(objects, 700, 300, 301)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
});

test("a reader who stops early leaves nothing behind that fails unseen", async () => {
  const objects = await logOf(700);
  objects.delete("tile/entries/002.p/188");
  for await (const { index } of readEntries(memoryLogSource(objects), { size: 700, from: 0, to: 700 })) {
    if (index === 3) break;
  }
  await new Promise((resolve) => setImmediate(resolve));
});
