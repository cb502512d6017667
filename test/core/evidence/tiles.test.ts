/** Which objects an append creates. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rootOf } from "../../../lib/core/evidence/merkle.ts";
import { type Edge, EMPTY_EDGE, type Growth, growEdge, rangeOf, readEdge } from "../../../lib/core/evidence/tiles.ts";
import { decimals, ROOTS } from "./decimal-log.ts";
import { readStoredLog } from "./stored-log.ts";

const headOf = (edge: Edge) => {
  const range = rangeOf(edge);
  return {
    origin: "example.com/log",
    version: 1,
    size: edge.size,
    root: rootOf(range),
    edge: range.hashes,
    staged: "",
    commit: "",
    updated: 0,
  };
};

function growBy(steps: readonly number[]): { growth: Growth; stored: Map<string, Uint8Array> } {
  const stored = new Map<string, Uint8Array>();
  let growth: Growth = { edge: EMPTY_EDGE, created: [], carried: [] };
  for (const step of steps) {
    growth = growEdge(growth.edge, decimals(growth.edge.size, growth.edge.size + step));
    for (const { path, bytes } of growth.created) {
      expect(stored.has(path), `${path} is created once`).toBe(false);
      stored.set(path, bytes);
    }
  }
  return { growth, stored };
}

test.each(Object.entries(ROOTS))("%s entries have the root that others compute", (size, root) => {
  const { growth, stored } = growBy([Number(size)]);
  expect(headOf(growth.edge).root).toBe(root);
  expect(readStoredLog(headOf(growth.edge), (path) => stored.get(path))).toHaveLength(Number(size));
});

test("70,000 entries end in these tiles", () => {
  const { growth, stored } = growBy([70_000]);
  const tiles = [...stored.keys()].filter((path) => !path.startsWith("tile/entries/"));
  expect(tiles.filter((path) => path.startsWith("tile/0/") && !path.includes(".p/"))).toHaveLength(273);
  expect(tiles.slice(-5)).toEqual([
    "tile/0/272",
    "tile/0/273.p/112",
    "tile/1/000",
    "tile/1/001.p/17",
    "tile/2/000.p/1",
  ]);
  expect(stored.get("tile/0/272")).toHaveLength(8192);
  expect(growth.edge.entries).toHaveLength(112);
});

describe("an append", () => {
  const created = (from: number, to: number) => {
    const growth = growEdge(growBy([from]).growth.edge, decimals(from, to));
    return { created: growth.created.map(({ path }) => path), carried: growth.carried.map(({ path }) => path) };
  };

  test("within a tile stores the partial tile and the partial bundle alone", () => {
    expect(created(5, 9)).toEqual({ created: ["tile/entries/000.p/9", "tile/0/000.p/9"], carried: [] });
  });

  test("that fills a tile stores no partial of width 0", () => {
    expect(created(255, 256)).toEqual({ created: ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"], carried: [] });
  });

  test("carries the partials of higher levels that it does not change", () => {
    expect(created(300, 301)).toEqual({
      created: ["tile/entries/001.p/45", "tile/0/001.p/45"],
      carried: ["tile/1/000.p/1"],
    });
  });

  test("that fills a tile of level 1 starts level 2", () => {
    expect(created(65_535, 65_537).created).toEqual([
      "tile/entries/255",
      "tile/entries/256.p/1",
      "tile/0/255",
      "tile/0/256.p/1",
      "tile/1/000",
      "tile/2/000.p/1",
    ]);
  });

  test("of nothing creates nothing and carries every partial", () => {
    expect(created(257, 257)).toEqual({
      created: [],
      carried: ["tile/entries/001.p/1", "tile/0/001.p/1", "tile/1/000.p/1"],
    });
  });
});

test("any batching gives the same root, the same full tiles and a log that verifies", () => {
  const whole = growBy([1500]);
  const isFull = ([path]: [string, Uint8Array]) => !path.includes(".p/");
  const fullTiles = [...whole.stored].filter(isFull).sort();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1499 }), { maxLength: 12 }), (cuts) => {
      const bounds = [...new Set([0, ...cuts, 1500])].sort((a, b) => a - b);
      const { growth, stored } = growBy(bounds.slice(1).map((bound, i) => bound - (bounds[i] ?? 0)));
      expect(growth.edge).toEqual(whole.growth.edge);
      expect([...stored].filter(isFull).sort()).toEqual(fullTiles);
      expect(readStoredLog(headOf(growth.edge), (path) => stored.get(path))).toEqual(decimals(0, 1500).map(String));
    }),
    { numRuns: 30 },
  );
});

describe("reading the edge back", () => {
  test.each([0, 1, 255, 256, 257, 1000, 65_535, 65_536, 65_537])("gives the edge of %i entries", (size) => {
    const { growth, stored } = growBy([size]);
    expect(readEdge(size, (path) => stored.get(path))).toEqual(growth.edge);
  });

  test("refuses a missing partial, a tile of another width and a bundle of another width", () => {
    const { stored } = growBy([300]);
    const corrupt = expect.objectContaining({ code: "LOG_CORRUPT" });
    for (const path of ["tile/1/000.p/1", "tile/0/001.p/44", "tile/entries/001.p/44"]) {
      expect(() => readEdge(300, (wanted) => (wanted === path ? undefined : stored.get(wanted)))).toThrow(corrupt);
      expect(() => readEdge(300, (wanted) => (wanted === path ? Buffer.alloc(64) : stored.get(wanted)))).toThrow(
        corrupt,
      );
    }
  });
});
