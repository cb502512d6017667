/** The trees of the first 0 to 2,000 decimal numbers, and what the checks of a proof say. */
import { checkConsistency, checkInclusion } from "../../../lib/core/evidence/check-proof.ts";
import type { TreeHead } from "../../../lib/core/evidence/checkpoint.ts";
import type { HashReader } from "../../../lib/core/evidence/hash-reader.ts";
import { EMPTY_RANGE, EMPTY_ROOT, extendRange, leafHash, rootOf } from "../../../lib/core/evidence/merkle.ts";
import { decimals } from "./decimal-log.ts";
import { outcomeOf } from "./hostile-bytes.ts";

export const MAX_SIZE = 2000;
export const ENTRIES = decimals(0, MAX_SIZE);
export const LEAVES = ENTRIES.map(leafHash);
/** No hash of these trees. */
export const OTHER = "ab".repeat(32);

/** Hashes of the largest tree serve every smaller one. */
export const reader: HashReader = {
  async read({ level, index }) {
    return rootOf(extendRange(EMPTY_RANGE, LEAVES.slice(index * 2 ** level, (index + 1) * 2 ** level)));
  },
};

export const trees: readonly TreeHead[] = Array.from({ length: MAX_SIZE }).reduce<{
  range: typeof EMPTY_RANGE;
  heads: TreeHead[];
}>(
  ({ range, heads }, _, size) => {
    const next = extendRange(range, LEAVES.slice(size, size + 1));
    return { range: next, heads: [...heads, { size: size + 1, root: rootOf(next) }] };
  },
  { range: EMPTY_RANGE, heads: [{ size: 0, root: EMPTY_ROOT }] },
).heads;
export const treeOf = (size: number): TreeHead => trees[size] ?? { size: Number.NaN, root: "" };
export const leafOf = (index: number): string => LEAVES[index] ?? "";

/** Undefined where the proof verifies, else the code of the refusal. */
export const isIncluded = (...args: Parameters<typeof checkInclusion>) => outcomeOf(() => checkInclusion(...args));

/** Undefined where the proof verifies, else the code of the refusal. */
export const isConsistent = (...args: Parameters<typeof checkConsistency>) =>
  outcomeOf(() => checkConsistency(...args));
