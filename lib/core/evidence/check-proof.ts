/** Checking Merkle proofs with nothing but roots (https://www.rfc-editor.org/rfc/rfc6962#section-2.1). */
import { GatebookError } from "../errors.ts";
import type { TreeHead } from "./checkpoint.ts";
import { EMPTY_ROOT, type Hash, nodeHash } from "./merkle.ts";
import { consistencyPath, inclusionPath } from "./proof-path.ts";

/** More than any tree of 2^53 leaves needs; the bound that witnesses set (https://c2sp.org/tlog-witness#add-checkpoint). */
export const MAX_PROOF_HASHES = 63;

/**
 * That the leaf with this hash stands at `index` in the tree. Take size and root from one checkpoint: a proof ties a leaf to a root, and says
 * nothing about a size that is not the root's.
 *
 * @throws NOT_VERIFIED
 */
export function checkInclusion(leaf: Hash, index: number, tree: TreeHead, proof: readonly Hash[]): void {
  const refuse = (): GatebookError =>
    new GatebookError(
      "NOT_VERIFIED",
      `the proof does not lead from entry ${index} to the root of the log of ${tree.size} entries: entry, proof or checkpoint is another one`,
    );
  if (!isSize(tree.size) || !isSize(index) || index >= tree.size) throw refuse();
  const path = inclusionPath(index, tree.size);
  if (path.length !== proof.length || ![leaf, tree.root, ...proof].every(isHash)) throw refuse();
  const root = proof.reduce((hash, sibling, i) => {
    const isLeft = (path[i]?.from ?? 0) < index;
    return isLeft ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }, leaf);
  if (root !== tree.root) throw refuse();
}

/**
 * That the new tree starts with all that the old one held.
 *
 * @throws NOT_VERIFIED
 */
export function checkConsistency(old: TreeHead, grown: TreeHead, proof: readonly Hash[]): void {
  const refuse = (): GatebookError =>
    new GatebookError(
      "NOT_VERIFIED",
      `the proof does not show that the log of ${grown.size} entries holds the ${old.size} of before: stop trusting the log if both are signed`,
    );
  if (!isSize(old.size) || !isSize(grown.size) || old.size > grown.size) throw refuse();
  if (![old.root, grown.root, ...proof].every(isHash)) throw refuse();
  if (old.size === 0) {
    // Every tree starts with the empty one, and nothing can be proved about it but its root.
    if (proof.length > 0 || old.root !== EMPTY_ROOT || (grown.size === 0 && grown.root !== EMPTY_ROOT)) throw refuse();
    return;
  }
  const roots = rootsOf(old, grown.size, proof);
  if (roots?.old !== old.root || roots.grown !== grown.root) throw refuse();
}

/** Both roots as the proof has them, or undefined for a proof of another length. */
function rootsOf(old: TreeHead, size: number, proof: readonly Hash[]): { old: Hash; grown: Hash } | undefined {
  const path = consistencyPath(old.size, size);
  if (path.length !== proof.length) return undefined;
  // Both trees are built up from their largest common subtree at the old right edge: the proof's first part, or all of the old tree.
  const isEdgeGiven = path[0]?.to === old.size;
  const edge = isEdgeGiven ? (proof[0] ?? old.root) : old.root;
  const skip = isEdgeGiven ? 1 : 0;
  return proof.slice(skip).reduce(
    (roots, part, i) => {
      const isOld = (path[i + skip]?.to ?? 0) <= old.size;
      return isOld
        ? { old: nodeHash(part, roots.old), grown: nodeHash(part, roots.grown) }
        : { old: roots.old, grown: nodeHash(roots.grown, part) };
    },
    { old: edge, grown: edge },
  );
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0;
}

function isHash(hash: Hash): boolean {
  return /^[0-9a-f]{64}$/.test(hash);
}
