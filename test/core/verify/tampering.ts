/** What can be done to a stored log: the ways of changing its objects that the mutations are made of. */
import { decodeBundle, encodeBundle } from "../../../lib/core/evidence/entry-bundle.ts";
import { ORIGIN } from "../evidence/log-world.ts";
import { testSigner } from "../evidence/test-signers.ts";
import { type RecordedLog, rewrite, type Versions } from "./recorded-log.ts";

/** Where batches end and checkpoints are signed. */
export const SIZES: readonly number[] = [100, 300, 450, 512, 700];
export const SIZE = 700;
export const TAIL = "tile/entries/002.p/188";
export const signer = testSigner(ORIGIN, Buffer.alloc(32, 1));

/** What is done, how, and the sentence that says so. The log may be changed in place. */
export type Mutation = readonly [kind: string, mutate: (log: RecordedLog) => unknown, sentence: RegExp];

export function copyOf({ versions }: RecordedLog): RecordedLog {
  return {
    signer,
    versions: new Map([...versions].map(([path, stored]) => [path, stored.map((bytes) => bytes.slice())])),
  };
}

export function payloadOf(versions: Versions): string {
  return [...versions.keys()].find((path) => path.startsWith("payload/")) ?? "";
}

export function current(versions: Versions, path: string): Uint8Array {
  const bytes = versions.get(path)?.at(-1);
  if (bytes === undefined) throw new Error(`${path} is not there`);
  return bytes;
}

export function replace(versions: Versions, path: string, change: (bytes: Uint8Array) => Uint8Array): void {
  versions.set(path, [...(versions.get(path) ?? []).slice(0, -1), change(current(versions, path))]);
}

/** @param at counted from the end where it is negative */
export function flip(at: number) {
  return (bytes: Uint8Array): Uint8Array =>
    bytes.map((byte, i) => (i === (at + bytes.length) % bytes.length ? byte ^ 1 : byte));
}

export function drop(bytes: number) {
  return (from: Uint8Array): Uint8Array => from.subarray(0, from.length - bytes);
}

export function bundle(change: (entries: Uint8Array[]) => Uint8Array[]) {
  return (bytes: Uint8Array): Uint8Array => encodeBundle(change(decodeBundle(bytes)));
}

export function swap(a: number, b: number) {
  return (entries: Uint8Array[]): Uint8Array[] =>
    entries.map((entry, i) => (i === a ? entries[b] : i === b ? entries[a] : undefined) ?? entry);
}

export function text(change: (note: string) => string) {
  return (bytes: Uint8Array): Uint8Array => Buffer.from(change(Buffer.from(bytes).toString()));
}

/** Everything made anew over other entries, and nothing signed. */
export function rewriteAs({ versions }: RecordedLog, change: (entries: Uint8Array[]) => Uint8Array[]) {
  const bundles = ["tile/entries/000", "tile/entries/001", TAIL];
  return rewrite(versions, change(bundles.flatMap((path) => decodeBundle(current(versions, path)))));
}
