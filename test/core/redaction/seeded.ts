/** Text from a seed: the same on each run, and nowhere written down for a scanner of this repository to find. */

export type Random = () => number;

/** Mulberry32 (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c): from 0 to 1, 1 excluded. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, from: ArrayLike<T>): T {
  return from[Math.floor(random() * from.length)] as T;
}

export function letters(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () => pick(random, alphabet)).join("");
}

export const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
export const UPPER = LOWER.toUpperCase();

export function hex(random: Random, length: number): string {
  return letters(random, `${DIGITS}abcdef`, length);
}

/** At least one of each sort, as issuers give them out. */
export function alphanumeric(random: Random, length: number): string {
  const one = pick(random, DIGITS) + pick(random, UPPER) + pick(random, LOWER.slice(6));
  return letters(random, DIGITS + LOWER + UPPER, length - one.length) + one;
}

export function bytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

export function uuid(random: Random): string {
  const part = (length: number): string => hex(random, length);
  return `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(12)}`;
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
