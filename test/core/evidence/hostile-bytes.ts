/** Input that somebody made to do harm: flipped bits, and valid files with pieces cut, doubled and replaced. */
import fc from "fast-check";
import { GatebookError } from "../../../lib/core/errors.ts";

/** Every way to flip one bit. */
export function* flippedBits(bytes: Uint8Array): Generator<Buffer> {
  for (let bit = 0; bit < bytes.byteLength * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield flipped;
  }
}

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc
    .constantFrom("", "\n", "\n\n", "— ", " ", "+", "=", "0", "-1", "9".repeat(20), "AAAA", "\u0000", "\ufeff")
    .map(Buffer.from),
);

/** Random bytes, and the given files with up to four pieces of them replaced by others. */
export function hostileBytes(...files: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  const edit = fc.record({ at: fc.nat(), length: fc.nat(40), piece });
  const edited = fc
    .record({ file: fc.constantFrom(...files), edits: fc.array(edit, { minLength: 1, maxLength: 4 }) })
    .map(({ file, edits }) =>
      edits.reduce((bytes, { at, length, piece: replacement }) => {
        const start = at % (bytes.byteLength + 1);
        return Buffer.concat([bytes.subarray(0, start), replacement, bytes.subarray(start + length)]);
      }, Buffer.from(file)),
    );
  return fc.oneof(
    { weight: 4, arbitrary: edited },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map(Buffer.from) },
  );
}

/** @returns what the call returned, or the code of the GatebookError that it threw; anything else is thrown on */
export function outcomeOf<T>(call: () => T): T | GatebookError["code"] {
  try {
    return call();
  } catch (cause) {
    if (cause instanceof GatebookError) return cause.code;
    throw cause;
  }
}
