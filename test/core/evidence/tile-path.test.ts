/** Paths of tiles and bundles. */
import { expect, test } from "vitest";
import { bundlePath, tilePath } from "../../../lib/core/evidence/tile-path.ts";

test.each([
  [0, "000"],
  [5, "005"],
  [999, "999"],
  [1000, "x001/000"],
  [1_234_067, "x001/x234/067"],
  [999_999_999, "x999/x999/999"],
  [1_000_000_000, "x001/x000/x000/000"],
])("index %i is %s", (index, path) => {
  expect(tilePath(3, index)).toBe(`tile/3/${path}`);
  expect(bundlePath(index)).toBe(`tile/entries/${path}`);
});

test("a partial names its width without leading zeros", () => {
  expect(tilePath(0, 273, 112)).toBe("tile/0/273.p/112");
  expect(tilePath(2, 0, 1)).toBe("tile/2/000.p/1");
  expect(bundlePath(1000, 7)).toBe("tile/entries/x001/000.p/7");
});

test("a full tile names no width", () => {
  expect(tilePath(0, 272, 256)).toBe("tile/0/272");
});
