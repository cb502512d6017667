/** Imports one file from disk into a queue that forgets, and prints how much memory that took. Takes the file's path as its argument. */
import { createReadStream } from "node:fs";
import { importLogFile } from "../../../lib/core/import/import-log-file.ts";

/** This file, for a test to run as a program. */
export const IMPORT_LARGE_FILE = import.meta.filename;
const BUCKET = "large";

if (process.argv[1] === IMPORT_LARGE_FILE) {
  const done = await importFrom(process.argv[2] ?? "");
  // The unit of maxRSS is a kibibyte on every platform.
  console.log(JSON.stringify({ ...done, maxRssBytes: process.resourceUsage().maxRSS * 1024 }));
}

function importFrom(path: string) {
  const world = {
    open: async () => createReadStream(path),
    intake: { send: async (bodies: readonly string[]) => bodies.map(() => "") },
    bucket: BUCKET,
    ownRoles: new Set<string>(),
  };
  return importLogFile({ bucket: BUCKET, key: "large.json.gz" }, world);
}
