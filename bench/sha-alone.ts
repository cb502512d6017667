/** Run in a process of its own: SHA-256 over every entry of every bundle in a folder, and nothing else. Prints the time that the hashing took. */
import { hash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeBundle } from "../lib/core/evidence/entry-bundle.ts";
import { cpuMs } from "./compare.ts";

const folder = process.argv[2] ?? "";
let milliseconds = 0;
let entries = 0;
let bytes = 0;
for (const path of globSync("tile/entries/**/[0-9]*[0-9]", { cwd: folder }).filter((name) => !name.endsWith(".p"))) {
  const bundle = decodeBundle(readFileSync(join(folder, path)));
  milliseconds += await cpuMs(() => {
    for (const entry of bundle) hash("sha256", entry, "hex");
  });
  entries += bundle.length;
  bytes += bundle.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
console.log(JSON.stringify({ milliseconds, entries, bytes }));
