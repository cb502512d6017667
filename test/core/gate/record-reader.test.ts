/** Records are read back from the log as they were written, or not at all. */
import { expect, test } from "vitest";
import { encodeBundle } from "../../../lib/core/evidence/entry-bundle.ts";
import type { Head } from "../../../lib/core/evidence/head.ts";
import { recordReader } from "../../../lib/core/gate/record-reader.ts";
import { gateAfter, release } from "./release.ts";

async function logOf(...entries: readonly unknown[]) {
  const head: Head = {
    origin: "o/0",
    version: 1,
    size: entries.length,
    root: "ab".repeat(32),
    edge: [],
    staged: "s",
    commit: "c",
    updated: 0,
  };
  const bundle = encodeBundle(entries.map((entry) => Buffer.from(JSON.stringify(entry))));
  const path = `shard/1/tile/entries/000.p/${entries.length}`;
  const log = { read: async (asked: string) => (asked === path ? bundle : undefined) };
  return recordReader(log, (shard) => ({ read: async () => (shard === 1 ? head : undefined) }));
}

test("a record is found in its shard, and one behind the head is not there yet", async () => {
  const [record] = await (await gateAfter([])).tell(release().slice(0, 1));
  const recordAt = await logOf(record);
  expect(await recordAt({ shard: 1, index: 0 })).toEqual(record);
  expect(await recordAt({ shard: 1, index: 1 })).toBeUndefined();
  expect(await recordAt({ shard: 0, index: 0 })).toBeUndefined();
});

test("an entry that is no record is a log that cannot be trusted", async () => {
  const recordAt = await logOf({ v: 1, event: "nothing" });
  await expect(recordAt({ shard: 1, index: 0 })).rejects.toMatchObject({ code: "LOG_CORRUPT" });
});
