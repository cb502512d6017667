/** RFC 6962's recursive definitions of tree hash and proofs, word by word: what the product's iterative ones are held against. */
import { createHash } from "node:crypto";

const hashOf = (...parts: readonly Uint8Array[]): Buffer => {
  const sha256 = createHash("sha256");
  for (const part of parts) sha256.update(part);
  return sha256.digest();
};

const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** MTH(D[n]) */
export function treeHash(entries: readonly Uint8Array[]): string {
  return mth(entries).toString("hex");
}

/** PATH(m, D[n]) */
export function path(m: number, entries: readonly Uint8Array[]): string[] {
  if (entries.length <= 1) return [];
  const k = split(entries.length);
  return m < k
    ? [...path(m, entries.slice(0, k)), treeHash(entries.slice(k))]
    : [...path(m - k, entries.slice(k)), treeHash(entries.slice(0, k))];
}

/** PROOF(m, D[n]) */
export function proof(m: number, entries: readonly Uint8Array[]): string[] {
  return subproof(m, entries, true);
}

function subproof(m: number, entries: readonly Uint8Array[], isWhole: boolean): string[] {
  const n = entries.length;
  if (m === n) return isWhole ? [] : [treeHash(entries)];
  const k = split(n);
  return m <= k
    ? [...subproof(m, entries.slice(0, k), isWhole), treeHash(entries.slice(k))]
    : [...subproof(m - k, entries.slice(k), false), treeHash(entries.slice(0, k))];
}

function mth(entries: readonly Uint8Array[]): Buffer {
  const [first] = entries;
  if (first === undefined) return hashOf();
  if (entries.length === 1) return hashOf(Buffer.of(0), first);
  const k = split(entries.length);
  return hashOf(Buffer.of(1), mth(entries.slice(0, k)), mth(entries.slice(k)));
}
