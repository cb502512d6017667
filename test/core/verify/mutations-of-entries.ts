/** Entries that are changed, moved, left out or added, by somebody who knows the format. */
import { encodeBundle } from "../../../lib/core/evidence/entry-bundle.ts";
import { publish, recordBytes } from "./recorded-log.ts";
import { bundle, copyOf, type Mutation, replace, rewriteAs, SIZE, swap, TAIL } from "./tampering.ts";

export const MOVED_ENTRIES: readonly Mutation[] = [
  [
    "two entries are swapped",
    ({ versions }) => replace(versions, "tile/entries/001", bundle(swap(3, 9))),
    /^entry 259 in tile\/entries\/001 hashes to .* \(and 1 more after it\)/,
  ],
  [
    "an entry is replaced",
    ({ versions }) =>
      replace(
        versions,
        "tile/entries/000",
        bundle((all) => all.with(17, recordBytes(9999))),
      ),
    /^entry 17 in tile\/entries\/000/,
  ],
  [
    "an entry comes twice in its bundle",
    ({ versions }) =>
      replace(
        versions,
        "tile/entries/000",
        bundle((all) => all.with(18, all[17] ?? Buffer.of())),
      ),
    /^entry 18 in tile\/entries\/000/,
  ],
  [
    "a bundle holds an entry too many",
    ({ versions }) =>
      replace(versions, "tile/entries/000", (bytes) => Buffer.concat([bytes, encodeBundle([recordBytes(1)])])),
    /^tile\/entries\/000 holds more than 256 entries instead of 256/,
  ],
  [
    "the last entry is dropped from its bundle",
    ({ versions }) =>
      replace(
        versions,
        TAIL,
        bundle((all) => all.slice(0, -1)),
      ),
    /holds 187 entries instead of 188/,
  ],
  [
    "an entry and the tile over it are rewritten",
    (log) => {
      const { versions } = log;
      const other = copyOf(log);
      versions.set("checkpoint", (versions.get("checkpoint") ?? []).slice(-1));
      rewriteAs(other, (all) => all.with(300, recordBytes(9999)));
      for (const path of ["tile/entries/001", "tile/0/001"]) versions.set(path, other.versions.get(path) ?? []);
    },
    /^tile\/1\/000\.p\/2 says .* of tile\/0\/001, which hashes to .*either tile\/1\/000\.p\/2 alone was changed/,
  ],
  [
    "an entry is rewritten, and all tiles with it",
    (log) => rewriteAs(log, (all) => all.with(300, recordBytes(9999))),
    /^version 3 of checkpoint signs the root .* for the first 450 entries, .*rewritten/,
  ],
  [
    "an entry is left out, another comes at the end, and all is made anew",
    (log) => rewriteAs(log, (all) => [...all.toSpliced(42, 1), recordBytes(9999)]),
    /^version 1 of checkpoint signs the root/,
  ],
  [
    "an entry is recorded twice, the last is gone, and all is made anew",
    (log) => rewriteAs(log, (all) => all.toSpliced(600, 0, all[599] ?? Buffer.of()).slice(0, SIZE)),
    /^version 5 of checkpoint signs the root .* for the first 700 entries/,
  ],
  [
    "the last entry is dropped, and all is made anew",
    (log) => rewriteAs(log, (all) => all.slice(0, -1)),
    /^tile\/entries\/002\.p\/188 is missing, and a log of 700 entries has it: the entries 512 to 699/,
  ],
  [
    "an entry that is no record is signed",
    async (log) => {
      const tree = rewriteAs(log, (all) => [...all, Buffer.from("no record")]);
      await publish(log, tree);
    },
    /^entry 700 in tile\/entries\/002\.p\/189 is signed and unchanged, but an entry of the log is not JSON/,
  ],
  [
    "a signed entry names a payload that cannot be",
    async (log) => {
      const tree = rewriteAs(log, (all) => [...all, recordBytes(700, { payload: { sha256: "../../etc/passwd" } })]);
      await publish(log, tree);
    },
    /^entry 700 in .* names a payload without a SHA-256 and a length/,
  ],
  [
    "a signed entry names its payload with escaped letters, and there is none",
    async (log) => {
      const hidden = recordBytes(700, { payload: { sha256: "0".repeat(64), bytes: 1 } });
      const escaped = Buffer.from(
        hidden.toString().replace('"payload":{"sha256":"000', '"p\\u0061yload":{"sha256":"000'),
      );
      await publish(
        log,
        rewriteAs(log, (all) => [...all, escaped]),
      );
    },
    /^payload\/0{64} is missing, and entry 700 in/,
  ],
];
