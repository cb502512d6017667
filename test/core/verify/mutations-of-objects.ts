/** Objects that are missing, added, hidden, or put over others. */
import { DELETED } from "../../../lib/adapters/memory-log-archive.ts";
import { encodeBundle } from "../../../lib/core/evidence/entry-bundle.ts";
import { recordBytes } from "./recorded-log.ts";
import { current, type Mutation, payloadOf, TAIL } from "./tampering.ts";

export const OBJECTS: readonly Mutation[] = [
  [
    "a bundle is missing",
    ({ versions }) => versions.delete("tile/entries/000"),
    /^tile\/entries\/000 is missing, and a log of 700 entries has it: the entries 0 to 255/,
  ],
  ["the last bundle is missing", ({ versions }) => versions.delete(TAIL), /^tile\/entries\/002\.p\/188 is missing/],
  ["a tile is missing", ({ versions }) => versions.delete("tile/0/001"), /^tile\/0\/001 is missing/],
  [
    "the last partial tile is missing",
    ({ versions }) => versions.delete("tile/0/002.p/188"),
    /^tile\/0\/002\.p\/188 is missing/,
  ],
  ["a level-1 tile is missing", ({ versions }) => versions.delete("tile/1/000.p/2"), /^tile\/1\/000\.p\/2 is missing/],
  [
    "a payload is missing",
    ({ versions }) => versions.delete(payloadOf(versions)),
    /^payload\/\w+ is missing, and entry \d+ in tile\/entries\/\S+ says that its raw data lies there/,
  ],
  [
    "the checkpoint is missing",
    ({ versions }) => versions.delete("checkpoint"),
    /^checkpoint is missing.*nothing says what the log should hold/,
  ],
  [
    "a tile lies far behind the end",
    ({ versions }) => versions.set("tile/0/999", [Buffer.alloc(8192)]),
    /^tile\/0\/999 belongs to a log of 256000 entries or more/,
  ],
  [
    "a bundle lies behind a gap",
    ({ versions }) => versions.set("tile/entries/004.p/3", [Buffer.alloc(6)]),
    /^tile\/entries\/004\.p\/3 belongs to a log of 1027 entries/,
  ],
  [
    "a tile of a level that the log has not reached",
    ({ versions }) => versions.set("tile/2/000.p/1", [Buffer.alloc(32)]),
    /^tile\/2\/000\.p\/1 belongs to a log of 65536 entries/,
  ],
  [
    "an older partial was added",
    ({ versions }) => versions.set("tile/0/000.p/7", [Buffer.alloc(224, 1)]),
    /^tile\/0\/000\.p\/7 and tile\/0\/000 do not start with the same 7 hashes/,
  ],
  [
    "an object under tile/ has no name of the log's",
    ({ versions }) => versions.set("tile/notes.txt", [Buffer.of(1)]),
    /^tile\/notes\.txt is under tile\/, and no log has an object of that name/,
  ],
  [
    "a partial of width 0",
    ({ versions }) => versions.set("tile/0/000.p/0", [Buffer.of()]),
    /^tile\/0\/000\.p\/0 is under tile\//,
  ],
  [
    "a partial with leading zeros",
    ({ versions }) => versions.set("tile/0/000.p/007", [Buffer.alloc(224)]),
    /^tile\/0\/000\.p\/007 is under tile\//,
  ],
  [
    "a place with leading zeros",
    ({ versions }) => versions.set("tile/0/x000/000", [current(versions, "tile/0/000")]),
    /^tile\/0\/x000\/000 is under tile\//,
  ],
  [
    "a name that would write to the terminal",
    ({ versions }) => versions.set("tile/\u001b[2J", [Buffer.of()]),
    /^"tile\/\\u001b\[2J" is under tile\//,
  ],
  [
    "a newer bundle of the same place begins otherwise",
    ({ versions }) =>
      versions.set("tile/entries/002.p/189", [encodeBundle(Array.from({ length: 189 }, (_, i) => recordBytes(i)))]),
    /^tile\/entries\/002\.p\/189 and tile\/entries\/002\.p\/188 do not start with the same 188 entries/,
  ],
  [
    "the last partial was replaced by a wider one",
    ({ versions }) => versions.set("tile/0/002.p/200", [Buffer.alloc(6400)]),
    /^tile\/0\/002\.p\/200 and tile\/0\/002\.p\/188 do not/,
  ],
  [
    "a version was put over a tile, and the tile is as before",
    ({ versions }) => versions.set("tile/0/000", [Buffer.of(1), current(versions, "tile/0/000")]),
    /^tile\/0\/000 has 2 versions, and an object of the log is written once/,
  ],
  [
    "a version was put over a bundle",
    ({ versions }) => versions.set("tile/entries/000", [current(versions, "tile/entries/000"), Buffer.of(1)]),
    /^tile\/entries\/000 (ends|holds|has 2 versions)/,
  ],
  [
    "a version was put over a payload",
    ({ versions }) => versions.set(payloadOf(versions), [Buffer.of(1), current(versions, payloadOf(versions))]),
    /^payload\/\w+ has 2 versions/,
  ],
  [
    "a version was put over an older partial",
    ({ versions }) => versions.set("tile/0/000.p/100", [Buffer.of(1), current(versions, "tile/0/000.p/100")]),
    /^tile\/0\/000\.p\/100 has 2 versions/,
  ],
  [
    "a payload that nobody names is hidden",
    ({ versions }) => versions.set("payload/nobody", [Buffer.of(1), DELETED]),
    /^payload\/nobody is hidden behind a delete marker/,
  ],
  [
    "a tile is hidden behind a delete marker",
    ({ versions }) => versions.set("tile/0/001", [current(versions, "tile/0/001"), DELETED]),
    /^tile\/0\/001 is missing.*look for the object's versions/,
  ],
];
