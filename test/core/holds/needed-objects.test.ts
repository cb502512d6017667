/** What a hold needs is what proving its entries reads: no object less, and none more. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryLogArchive } from "../../../lib/adapters/memory-log-archive.ts";
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import type { LogSource } from "../../../lib/core/evidence/log-source.ts";
import { proveInclusion } from "../../../lib/core/evidence/prove.ts";
import { readEntry } from "../../../lib/core/evidence/read-entries.ts";
import { tileHashes } from "../../../lib/core/evidence/tile-hashes.ts";
import { coarsened, countOf, rangesOf } from "../../../lib/core/holds/entry-ranges.ts";
import { payloadPaths, proofPaths } from "../../../lib/core/holds/needed-objects.ts";
import { storedDecimals } from "../evidence/decimal-source.ts";
import { recordLog } from "../verify/recorded-log.ts";
import { signer } from "../verify/tampering.ts";

const SIZES = [1, 2, 255, 256, 257, 511, 512, 513, 1_000, 65_535, 65_536, 65_537, 70_000];
const logs = new Map(SIZES.map((size) => [size, memoryLogSource(storedDecimals(size).objects)]));

async function readByProving(size: number, places: readonly number[]): Promise<string[]> {
  const paths = new Set<string>();
  const log = logs.get(size);
  const source: LogSource = {
    read(path) {
      paths.add(path);
      return log?.read(path) ?? Promise.resolve(undefined);
    },
  };
  for (const place of places) {
    expect(await readEntry(source, size, place)).toEqual(Buffer.from(String(place)));
    await proveInclusion(tileHashes(source, size), place, size);
  }
  return [...paths].sort();
}

const aFewPlaces = fc.constantFrom(...SIZES).chain((size) =>
  fc.record({
    size: fc.constant(size),
    places: fc.array(fc.nat({ max: size - 1 }), { minLength: 1, maxLength: 12 }),
  }),
);

test("of any entries, exactly what their proofs are made of", async () => {
  await fc.assert(
    fc.asyncProperty(aFewPlaces, async ({ size, places }) => {
      const needed = await proofPaths({ size, ranges: rangesOf(places) });
      expect([...needed].sort()).toEqual(await readByProving(size, places));
    }),
  );
});

test.each(SIZES.filter((size) => size <= 1_000))("of all %i entries, every object that there is", async (size) => {
  const needed = await proofPaths({ size, ranges: [{ from: 0, to: size }] });
  expect([...needed].sort()).toEqual(
    await readByProving(
      size,
      Array.from({ length: size }, (_, place) => place),
    ),
  );
});

test("of the payloads, those that the entries name, whatever other texts look like one", async () => {
  const { versions } = await recordLog([700], signer);
  const log = memoryLogArchive(versions);
  const stored = [...versions.keys()].filter((path) => path.startsWith("payload/")).sort();
  expect([...(await payloadPaths(log, { size: 700, ranges: [{ from: 0, to: 700 }] }))].sort()).toEqual(stored);
  const [one] = await payloadPaths(log, { size: 700, ranges: [{ from: 199, to: 202 }] });
  expect(stored).toContain(one);
  expect((await payloadPaths(log, { size: 700, ranges: [{ from: 1, to: 100 }] })).size).toBe(0);
});

test("a log that lacks an entry's bundle is corrupt, not without payloads", async () => {
  const { versions } = await recordLog([700], signer);
  versions.delete("tile/entries/001");
  const needed = payloadPaths(memoryLogArchive(versions), { size: 700, ranges: [{ from: 300, to: 301 }] });
  await expect(needed).rejects.toMatchObject({ code: "LOG_CORRUPT" });
});

test("many places become few ranges, which leave none of them out", () => {
  const places = fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(places, fc.integer({ min: 1, max: 20 }), (all, max) => {
      const exact = rangesOf(all);
      expect(countOf(exact)).toBe(new Set(all).size);
      const few = coarsened(exact, max);
      expect(few.length).toBeLessThanOrEqual(max);
      for (const place of all) expect(few.some(({ from, to }) => from <= place && place < to)).toBe(true);
      expect([few[0]?.from, few.at(-1)?.to]).toEqual([exact[0]?.from, exact.at(-1)?.to]);
      if (exact.length <= max) expect(few).toEqual(exact);
    }),
  );
});
