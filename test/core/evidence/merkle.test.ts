/** RFC 6962 hashing, with roots that golang.org/x/mod computed where entry i is the decimal number i in ASCII. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EMPTY_RANGE, EMPTY_ROOT, extendRange, leafHash, nodeHash, rootOf } from "../../../lib/core/evidence/merkle.ts";
import { decimals, ROOTS } from "./decimal-log.ts";

describe("hashing", () => {
  test("hashes a leaf behind 0x00", () => {
    expect(leafHash(Buffer.from("0"))).toBe("db3426e878068d28d269b6c87172322ce5372b65756d0789001d34835f601c03");
    expect(leafHash(new Uint8Array())).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  });

  test("hashes a node behind 0x01", () => {
    const node = nodeHash(leafHash(Buffer.from("0")), leafHash(Buffer.from("1")));
    expect(node).toBe("cb00989d94a569c0a678ae042b63dcd4625db96440517f37a6eb7976ea24ed4b");
  });

  test("an empty tree has the hash of nothing", () => {
    expect(rootOf(EMPTY_RANGE)).toBe(EMPTY_ROOT);
    expect(EMPTY_ROOT).toBe(ROOTS[0]);
  });
});

describe("compact range", () => {
  test.each(Object.entries(ROOTS))("has the root of %s entries", (size, root) => {
    const range = extendRange(EMPTY_RANGE, decimals(0, Number(size)).map(leafHash));
    expect(range.size).toBe(Number(size));
    expect(rootOf(range)).toBe(root);
  });

  test("has one hash for each power of two in its size, in any number of steps", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 10 }), (steps) => {
        const total = steps.reduce((sum, step) => sum + step, 0);
        const leaves = decimals(0, total).map(leafHash);
        let range = EMPTY_RANGE;
        for (const step of steps) range = extendRange(range, leaves.slice(range.size, range.size + step));
        expect(range).toEqual(extendRange(EMPTY_RANGE, leaves));
        expect(range.hashes).toHaveLength(total.toString(2).replaceAll("0", "").length);
      }),
    );
  });
});
