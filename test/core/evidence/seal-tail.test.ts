/** The seal finds every partial of the log as it is, and says what it could not find. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_SEAL_ATTEMPTS, sealTail, type TailStore } from "../../../lib/core/evidence/seal-tail.ts";
import { isPartialPath, partialPaths } from "../../../lib/core/evidence/tile-path.ts";
import { EMPTY_EDGE, growEdge } from "../../../lib/core/evidence/tiles.ts";
import { createLogWorld, eventRange } from "./log-world.ts";

function tailOf(present: (path: string) => boolean): TailStore & { readonly sealed: string[] } {
  const sealed: string[] = [];
  return {
    sealed,
    async seal(path) {
      if (!present(path)) return "missing";
      sealed.push(path);
      return "sealed";
    },
  };
}

async function headOf(size: number) {
  const world = createLogWorld();
  if (size > 0) await world.startWorker()(eventRange(0, size));
  return (await world.stored()).head;
}

test("a log of 70,000 entries ends in the partials that the specification's example names", () => {
  expect(partialPaths(70_000)).toEqual([
    "tile/0/273.p/112",
    "tile/1/001.p/17",
    "tile/2/000.p/1",
    "tile/entries/273.p/112",
  ]);
});

test("the partials of any size are those that an append to it would create or carry, and no other object is one", () => {
  fc.assert(
    fc.property(fc.nat(1_500), fc.integer({ min: 1, max: 700 }), (before, more) => {
      const entries = (count: number) => Array.from({ length: count }, () => Buffer.of(1));
      const { edge } = growEdge(EMPTY_EDGE, entries(before));
      const { created, carried } = growEdge(edge, entries(more));
      const paths = [...created, ...carried].map(({ path }) => path);
      expect(paths.filter(isPartialPath).sort()).toEqual(partialPaths(before + more).sort());
    }),
  );
});

test.each(["tile/0/000", "tile/entries/x001/x234/067", "payload/6f3a", "checkpoint", "tile/0/000.p/", "x.p/1/2"])(
  "%s is no partial",
  (path) => expect(isPartialPath(path)).toBe(false),
);

test.each([0, 256, 65_536])("a log of %i entries has no bundle to seal", (size) => {
  expect(partialPaths(size).filter((path) => path.includes("entries"))).toEqual([]);
});

test("everything at the end of the log is sealed", async () => {
  const head = await headOf(300);
  const tail = tailOf(() => true);
  const { size, paths } = await sealTail({ heads: { read: async () => head }, tail });
  expect(size).toBe(300);
  expect(tail.sealed).toEqual(["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"]);
  expect(paths).toEqual(tail.sealed);
});

test("an empty log has nothing to seal", async () => {
  const tail = tailOf(() => true);
  expect(await sealTail({ heads: { read: async () => undefined }, tail })).toEqual({ size: 0, paths: [] });
});

test("a log that grows meanwhile is sealed as it is then", async () => {
  const [old, grown] = [await headOf(3), await headOf(5)];
  const heads = [old, grown];
  const tail = tailOf((path) => path.endsWith("/5"));
  expect(await sealTail({ heads: { read: async () => heads.shift() ?? grown }, tail })).toMatchObject({ size: 5 });
});

test("a partial that is not stored is named, after a few looks at the head", async () => {
  const head = await headOf(3);
  let reads = 0;
  const heads = {
    read: async () => {
      reads += 1;
      return head;
    },
  };
  const sealing = sealTail({ heads, tail: tailOf((path) => !path.includes("entries")) });
  await expect(sealing).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("tile/entries/000.p/3"),
  });
  expect(reads).toBe(MAX_SEAL_ATTEMPTS);
});
