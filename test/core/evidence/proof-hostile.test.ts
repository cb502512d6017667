/** Proofs over numbers and hashes that somebody made up. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HashReader } from "../../../lib/core/evidence/hash-reader.ts";
import { EMPTY_ROOT } from "../../../lib/core/evidence/merkle.ts";
import { proveConsistency, proveInclusion } from "../../../lib/core/evidence/prove.ts";
import { isConsistent, isIncluded, LEAVES, leafOf, OTHER, reader, treeOf } from "./decimal-trees.ts";

describe("hostile numbers and hashes", () => {
  const numbers = fc.oneof(fc.nat(20), fc.double(), fc.maxSafeInteger(), fc.constantFrom(2 ** 53, -0, 0.5));
  const hashes = fc.oneof(fc.constantFrom(...LEAVES.slice(0, 9), EMPTY_ROOT, "", "zz".repeat(32)), fc.string());

  test("are refused with NOT_VERIFIED and nothing worse", () => {
    const proofs = fc.array(hashes, { maxLength: 70 });
    fc.assert(
      fc.property(numbers, numbers, hashes, hashes, proofs, (size, at, root, leaf, proof) => {
        expect(isIncluded(leaf, at, { size, root }, proof)).toBeOneOf([undefined, "NOT_VERIFIED"]);
        expect(isConsistent({ size: at, root: leaf }, { size, root }, proof)).toBeOneOf([undefined, "NOT_VERIFIED"]);
      }),
      { numRuns: 1000 },
    );
  });

  test("hashes in upper case are other hashes", async () => {
    const proof = await proveInclusion(reader, 5, 9);
    const shouted = proof.map((hash) => hash.toUpperCase());
    expect(isIncluded(leafOf(5), 5, treeOf(9), shouted)).toBe("NOT_VERIFIED");
    const consistency = await proveConsistency(reader, 5, 9);
    expect(isConsistent(treeOf(5), treeOf(9), consistency)).toBeUndefined();
    const shoutedToo = consistency.map((hash) => hash.toUpperCase());
    expect(isConsistent(treeOf(5), treeOf(9), shoutedToo)).toBe("NOT_VERIFIED");
  });

  test("a proof is not made for what is not there", async () => {
    for (const [index, size] of [
      [9, 9],
      [-1, 9],
      [0.5, 9],
      [0, 0],
      [0, Number.NaN],
    ] as const) {
      await expect(proveInclusion(reader, index, size)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    }
    for (const [old, grown] of [
      [10, 9],
      [-1, 9],
      [0.5, 9],
      [0, 2 ** 53],
    ] as const) {
      await expect(proveConsistency(reader, old, grown)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    }
  });

  test("trees of 2^53 - 1 leaves have proofs of 53 hashes at most", async () => {
    const same: HashReader = { read: async () => OTHER };
    const size = Number.MAX_SAFE_INTEGER;
    expect(await proveInclusion(same, 0, size)).toHaveLength(53);
    expect(await proveInclusion(same, size - 1, size)).toHaveLength(52);
    expect((await proveConsistency(same, size - 1, size)).length).toBeLessThanOrEqual(54);
  });
});
