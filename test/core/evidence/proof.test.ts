/** Inclusion and consistency proofs: those of RFC 6962 verify, and nothing else does. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { checkConsistency, checkInclusion } from "../../../lib/core/evidence/check-proof.ts";
import type { HashReader } from "../../../lib/core/evidence/hash-reader.ts";
import { EMPTY_RANGE, extendRange, leafHash, rootOf } from "../../../lib/core/evidence/merkle.ts";
import { proveConsistency, proveInclusion, readRoot } from "../../../lib/core/evidence/prove.ts";
import { type StoredDecimals, storedDecimals } from "./decimal-source.ts";
import { ENTRIES, isConsistent, isIncluded, leafOf, MAX_SIZE, OTHER, reader, treeOf, trees } from "./decimal-trees.ts";
import * as rfc from "./rfc6962.ts";
import { VECTORS } from "./test-signers.ts";

describe("the log that golang.org/x/mod made", () => {
  let stored: StoredDecimals;

  beforeAll(() => {
    stored = storedDecimals(70_000);
  });

  test("has the same inclusion proof", async () => {
    const proof = await proveInclusion(stored.reader, 66_666, 70_000);
    expect(proof).toEqual(VECTORS.inclusion_66666_in_70000);
    const tree = { size: 70_000, root: VECTORS.roots["70000"] ?? "" };
    checkInclusion(leafHash(Buffer.from("66666")), 66_666, tree, proof);
  });

  test("has the same consistency proof", async () => {
    const proof = await proveConsistency(stored.reader, 1000, 70_000);
    expect(proof).toEqual(VECTORS.consistency_1000_to_70000);
    const [old, grown] = [1000, 70_000].map((size) => ({ size, root: VECTORS.roots[size] ?? "" }));
    if (old === undefined || grown === undefined) throw new Error("the vectors have no such roots");
    checkConsistency(old, grown, proof);
  });

  test("has the same roots at every size that its tiles can tell", async () => {
    for (const [size, root] of Object.entries(VECTORS.roots)) {
      // Smaller trees need partial tiles of their own.
      if (Number(size) % 256 === 0 || Number(size) === 70_000) {
        expect(await readRoot(stored.reader, Number(size))).toBe(root);
      }
    }
  });
});

describe("proofs are those of RFC 6962's definition", () => {
  test("for all trees of up to 40 leaves", async () => {
    for (let size = 0; size <= 40; size += 1) {
      const entries = ENTRIES.slice(0, size);
      expect(await readRoot(reader, size)).toBe(rfc.treeHash(entries));
      for (let index = 0; index < size; index += 1) {
        expect(await proveInclusion(reader, index, size)).toEqual(rfc.path(index, entries));
        expect(await proveConsistency(reader, index + 1, size)).toEqual(rfc.proof(index + 1, entries));
      }
    }
  });

  test("for any tree of up to 2,000", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: MAX_SIZE }), fc.nat(), async (size, at) => {
        const entries = ENTRIES.slice(0, size);
        expect(treeOf(size).root).toBe(rfc.treeHash(entries));
        expect(await proveInclusion(reader, at % size, size)).toEqual(rfc.path(at % size, entries));
        expect(await proveConsistency(reader, (at % size) + 1, size)).toEqual(rfc.proof((at % size) + 1, entries));
      }),
      { numRuns: 30 },
    );
  });
});

describe("an inclusion proof", () => {
  test("of each entry of a log verifies, for no other place and no other entry", async () => {
    const tree = treeOf(133);
    for (let index = 0; index < 133; index += 1) {
      const proof = await proveInclusion(reader, index, 133);
      expect(isIncluded(leafOf(index), index, tree, proof)).toBeUndefined();
      for (let other = 0; other < 133; other += 1) {
        if (other === index) continue;
        expect(isIncluded(leafOf(index), other, tree, proof)).toBe("NOT_VERIFIED");
        if (other % 7 === 0) expect(isIncluded(leafOf(other), index, tree, proof)).toBe("NOT_VERIFIED");
      }
    }
  });

  test("of any entry in any log verifies, for no other place, entry, tree or hash", async () => {
    const size = fc.integer({ min: 1, max: MAX_SIZE });
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), size, fc.nat(), async (leaves, at, otherSize, otherAt) => {
        const [index, other] = [at % leaves, otherAt % MAX_SIZE];
        const tree = treeOf(leaves);
        const proof = await proveInclusion(reader, index, leaves);
        expect(isIncluded(leafOf(index), index, tree, proof)).toBeUndefined();
        if (other !== index) {
          expect(isIncluded(leafOf(index), other, tree, proof)).toBe("NOT_VERIFIED");
          expect(isIncluded(leafOf(other), index, tree, proof)).toBe("NOT_VERIFIED");
          expect(isIncluded(leafOf(other), other, tree, proof)).toBe("NOT_VERIFIED");
        }
        if (otherSize !== leaves) {
          expect(isIncluded(leafOf(index), index, treeOf(otherSize), proof)).toBe("NOT_VERIFIED");
        }
        for (let i = 0; i < proof.length; i += 1) {
          expect(isIncluded(leafOf(index), index, tree, proof.with(i, OTHER))).toBe("NOT_VERIFIED");
          expect(isIncluded(leafOf(index), index, tree, proof.toSpliced(i, 1))).toBe("NOT_VERIFIED");
        }
        expect(isIncluded(leafOf(index), index, tree, [...proof, OTHER])).toBe("NOT_VERIFIED");
      }),
      { numRuns: 200 },
    );
  });

  test("of the last entry of each log verifies in no other log of up to 2,000", async () => {
    const proof = await proveInclusion(reader, 1000, 1001);
    const verified = trees.filter((tree) => isIncluded(leafOf(1000), 1000, tree, proof) === undefined);
    expect(verified).toEqual([treeOf(1001)]);
  });
});

describe("a consistency proof", () => {
  const sizes = fc.integer({ min: 1, max: MAX_SIZE });
  const growth = fc
    .tuple(sizes, sizes)
    .map(([a, b]) => ({ old: treeOf(Math.min(a, b)), grown: treeOf(Math.max(a, b)) }));

  test("between any two sizes verifies, for no other root and with no hash changed, left out or added", async () => {
    await fc.assert(
      fc.asyncProperty(growth, async ({ old, grown }) => {
        const proof = await proveConsistency(reader, old.size, grown.size);
        expect(isConsistent(old, grown, proof)).toBeUndefined();
        expect(isConsistent({ ...old, root: OTHER }, grown, proof)).toBe("NOT_VERIFIED");
        expect(isConsistent(old, { ...grown, root: OTHER }, proof)).toBe("NOT_VERIFIED");
        for (let i = 0; i < proof.length; i += 1) {
          expect(isConsistent(old, grown, proof.with(i, OTHER))).toBe("NOT_VERIFIED");
          expect(isConsistent(old, grown, proof.toSpliced(i, 1))).toBe("NOT_VERIFIED");
        }
        expect(isConsistent(old, grown, [...proof, OTHER])).toBe("NOT_VERIFIED");
      }),
      { numRuns: 200 },
    );
  });

  test("between any two sizes verifies for no third, nor backwards", async () => {
    await fc.assert(
      fc.asyncProperty(growth, sizes, async ({ old, grown }, size) => {
        fc.pre(size !== old.size && size !== grown.size && old.size !== grown.size);
        const proof = await proveConsistency(reader, old.size, grown.size);
        expect(isConsistent(treeOf(size), grown, proof)).toBe("NOT_VERIFIED");
        expect(isConsistent(old, treeOf(size), proof)).toBe("NOT_VERIFIED");
        expect(isConsistent(grown, old, proof)).toBe("NOT_VERIFIED");
      }),
      { numRuns: 200 },
    );
  });

  test("of a tree to itself is empty and needs equal roots", async () => {
    for (const size of [0, 1, 255, 256, 2000]) {
      expect(await proveConsistency(reader, size, size)).toEqual([]);
      expect(isConsistent(treeOf(size), treeOf(size), [])).toBeUndefined();
      expect(isConsistent(treeOf(size), { size, root: OTHER }, [])).toBe("NOT_VERIFIED");
    }
  });

  test("from the empty tree is empty, and its root must be the empty one", async () => {
    expect(await proveConsistency(reader, 0, 7)).toEqual([]);
    expect(isConsistent(treeOf(0), treeOf(7), [])).toBeUndefined();
    expect(isConsistent({ size: 0, root: OTHER }, treeOf(7), [])).toBe("NOT_VERIFIED");
    expect(isConsistent(treeOf(0), treeOf(7), [OTHER])).toBe("NOT_VERIFIED");
  });

  test("is not empty where the size changed and the root did not", () => {
    for (const [old, grown] of [
      [3, 4],
      [4, 3],
      [5, 7],
      [7, 5],
    ] as const) {
      const { root } = treeOf(old);
      expect(isConsistent({ size: old, root }, { size: grown, root }, [])).toBe("NOT_VERIFIED");
    }
  });

  test("shows no log that was rewritten", async () => {
    const forged = [...ENTRIES.slice(0, 99), Buffer.from("forged"), ...ENTRIES.slice(100)].map(leafHash);
    const forgedReader: HashReader = {
      async read({ level, index }) {
        return rootOf(extendRange(EMPTY_RANGE, forged.slice(index * 2 ** level, (index + 1) * 2 ** level)));
      },
    };
    const grown = { size: 700, root: await readRoot(forgedReader, 700) };
    for (const made of [forgedReader, reader]) {
      expect(isConsistent(treeOf(300), grown, await proveConsistency(made, 300, 700))).toBe("NOT_VERIFIED");
    }
  });
});
