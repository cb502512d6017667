/** Bytes of objects that are changed, lost or added. */
import { drop, flip, type Mutation, payloadOf, replace, TAIL } from "./tampering.ts";

export const CHANGED_BYTES: readonly Mutation[] = [
  [
    "a byte of an entry is flipped",
    ({ versions }) => replace(versions, "tile/entries/001", flip(5000)),
    /^entry \d+ in tile\/entries\/001 hashes to [0-9a-f]{16}…, and tile\/0\/001 says .*That means: the entry or the tile was changed/,
  ],
  [
    "the last byte of the log is flipped",
    ({ versions }) => replace(versions, TAIL, flip(-1)),
    /^entry 699 in tile\/entries\/002\.p\/188 hashes to/,
  ],
  [
    "the first byte of a length is flipped",
    ({ versions }) => replace(versions, "tile/entries/000", flip(0)),
    /^(tile\/entries\/000 (ends inside|holds)|entry 0 in)/,
  ],
  [
    "the second byte of a length is flipped",
    ({ versions }) => replace(versions, "tile/entries/000", flip(1)),
    /^(tile\/entries\/000 (ends inside|holds)|entry 0 in)/,
  ],
  [
    "a byte of a tile is flipped",
    ({ versions }) => replace(versions, "tile/0/001", flip(40)),
    /^entry 257 in tile\/entries\/001 hashes to .* and tile\/0\/001 says/,
  ],
  [
    "a byte of the last partial tile is flipped",
    ({ versions }) => replace(versions, "tile/0/002.p/188", flip(-1)),
    /^entry 699 in .* and tile\/0\/002\.p\/188 says/,
  ],
  [
    "a byte of a level-1 tile is flipped",
    ({ versions }) => replace(versions, "tile/1/000.p/2", flip(33)),
    /^tile\/1\/000\.p\/2 says .* of tile\/0\/001, which hashes to/,
  ],
  [
    "a byte of an older partial tile is flipped",
    ({ versions }) => replace(versions, "tile/0/001.p/44", flip(7)),
    /^tile\/0\/001\.p\/44 and tile\/0\/001 do not start with the same 44 hashes/,
  ],
  [
    "a byte of an older partial bundle is flipped",
    ({ versions }) => replace(versions, "tile/entries/000.p/100", flip(99)),
    /^tile\/entries\/000\.p\/100 and tile\/entries\/000 do not start with the same 100 entries/,
  ],
  [
    "a byte of an older partial of level 1 is flipped",
    ({ versions }) => replace(versions, "tile/1/000.p/1", flip(0)),
    /^tile\/1\/000\.p\/1 and tile\/1\/000\.p\/2 do not/,
  ],
  [
    "a byte of a payload is flipped",
    ({ versions }) => replace(versions, payloadOf(versions), flip(3)),
    /^payload\/[0-9a-f]{64} has the SHA-256 [0-9a-f]{16}…, and entry \d+ in tile\/entries\/00\d/,
  ],
  [
    "the payload is longer",
    ({ versions }) => replace(versions, payloadOf(versions), (bytes) => Buffer.concat([bytes, Buffer.of(32)])),
    /^payload\/\w+ has \d+ bytes, and entry \d+ .* says \d+/,
  ],
  [
    "a bundle is cut short",
    ({ versions }) => replace(versions, "tile/entries/001", drop(1)),
    /^tile\/entries\/001 ends inside entry 511/,
  ],
  [
    "a bundle is empty",
    ({ versions }) => replace(versions, "tile/entries/001", () => new Uint8Array()),
    /^tile\/entries\/001 holds 0 entries instead of 256/,
  ],
  [
    "a tile is cut short",
    ({ versions }) => replace(versions, "tile/0/000", drop(32)),
    /^tile\/0\/000 has 8160 bytes, and a tile of 256 hashes has 8192/,
  ],
  [
    "a tile is longer",
    ({ versions }) => replace(versions, "tile/0/000", (bytes) => Buffer.concat([bytes, Buffer.of(1)])),
    /^tile\/0\/000 has 8193 bytes/,
  ],
  [
    "a level-1 tile is cut short",
    ({ versions }) => replace(versions, "tile/1/000.p/2", drop(5)),
    /^tile\/1\/000\.p\/2 has 59 bytes/,
  ],
  [
    "an older partial is cut short",
    ({ versions }) => replace(versions, "tile/0/000.p/100", drop(32)),
    /^tile\/0\/000\.p\/100 and tile\/0\/000 do not start/,
  ],
];
