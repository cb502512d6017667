/** A large file takes no more memory than a small one: the whole way of its records, in a process of its own. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGzip } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureBody } from "../sources/fixtures.ts";
import { IMPORT_LARGE_FILE } from "./import-large-file.ts";

const MIB = 1024 * 1024;
const FILE_BYTES = 50 * MIB;
const MAX_RSS_BYTES = 300 * MIB;
/** Of JavaScript's objects; a file's text, or its records, would not fit. */
const HEAP_MIB = 96;

let folder: string;
let path: string;
let count = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatebook-import-"));
  path = join(folder, "large.json.gz");
  const record = JSON.parse(fixtureBody("cloudtrail", "assume-role"));
  const gzip = createGzip();
  const file = gzip.pipe(createWriteStream(path));
  gzip.write('{"Records":[');
  for (let bytes = 0; bytes < FILE_BYTES; count++) {
    const text = `${count === 0 ? "" : ","}${JSON.stringify({ ...record, eventID: `event-${count}`, n: Math.sin(count) })}`;
    bytes += Buffer.byteLength(text);
    if (!gzip.write(text)) await once(gzip, "drain");
  }
  gzip.end("]}");
  await once(file, "finish");
});
afterAll(() => rmSync(folder, { recursive: true }));

test("50 MB of records pass in under 300 MB, and in a heap that would not hold them", () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${HEAP_MIB}`, IMPORT_LARGE_FILE, path],
    {
      encoding: "utf8",
    },
  );
  expect(stderr).toBe("");
  const done = JSON.parse(stdout);
  expect(done).toMatchObject({ outcome: "imported", records: count, own: 0 });
  expect(count).toBeGreaterThan(30_000);
  expect(done.maxRssBytes).toBeLessThan(MAX_RSS_BYTES);
});
