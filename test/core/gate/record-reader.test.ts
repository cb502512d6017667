/** Records are read back as they were recorded, each proved to be in the log; what was tampered with is said, and named. */
import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { toIndexKey } from "../../../lib/adapters/dynamodb-index-item.ts";
import { GatebookError } from "../../../lib/core/errors.ts";
import { decodeBundle, encodeBundle } from "../../../lib/core/evidence/entry-bundle.ts";
import { leafHash } from "../../../lib/core/evidence/merkle.ts";
import { readRecords } from "../../../lib/core/gate/record-reader.ts";
import type { ShardState } from "../../../lib/core/gate/shard-trees.ts";
import { decodeRecord } from "../../../lib/core/record/decode-record.ts";
import type { IndexEntry } from "../../../lib/core/record/index-entry.ts";
import { indexEntryOf } from "../../../lib/core/record/index-form.ts";
import { decimals } from "../evidence/decimal-log.ts";
import { flippedBits } from "../evidence/hostile-bytes.ts";
import { storedShard } from "./gate-log.ts";
import { gateAfter, type Message, release } from "./release.ts";

async function recordsOf(messages: readonly Message[]): Promise<Uint8Array[]> {
  const [state] = await (await gateAfter(messages)).evidence();
  const bundle = await state?.log.read(`tile/entries/000.p/${state.head?.size}`);
  return decodeBundle(bundle ?? Buffer.alloc(0));
}

/** A release's records, again and again, up to several tiles; the last are not signed yet. */
const RECORDS = await recordsOf(release());
const SIGNED = 600;
const ENTRIES = Array.from({ length: 700 }, (_, i) => RECORDS[i % RECORDS.length] ?? Buffer.alloc(0));
const log = await storedShard(ENTRIES, { signed: SIGNED });

const recordAt = (index: number) => decodeRecord(ENTRIES[index] ?? Buffer.alloc(0));
const claimAt = (logIndex: number, more: Partial<IndexEntry> = {}): IndexEntry => ({
  ...indexEntryOf(recordAt(logIndex)),
  logIndex,
  ...more,
});
const objectAt = (path: string): Buffer => {
  const bytes = log.objects.get(path);
  if (bytes === undefined) throw new Error(`${path} is none of ${[...log.objects.keys()].join(" ")}`);
  return Buffer.from(bytes);
};
/** The log with other objects in the place of its own; undefined for those that are gone. */
function changed(objects: Readonly<Record<string, Uint8Array | undefined>>): ShardState {
  for (const path of Object.keys(objects)) objectAt(path);
  return { ...log, log: { read: async (path) => (path in objects ? objects[path] : log.objects.get(path)) } };
}
const unprovenIn = async (state: ShardState, ...claims: readonly IndexEntry[]) =>
  (await readRecords([state], claims)).unproven;

describe("records", () => {
  test("are found in their shards, in the order that was asked, signed or not yet", async () => {
    const other = await storedShard(RECORDS, { shard: 2 });
    const claims = [claimAt(650), claimAt(3), claimAt(4, { shard: 2 }), claimAt(SIGNED), claimAt(3)];
    const { records, unproven } = await readRecords([log, other], claims);
    expect(unproven).toEqual([]);
    expect(records.map(({ entry }) => entry)).toEqual(claims);
    expect(records.map(({ record }) => record)).toEqual([650, 3, 4, SIGNED, 3].map(recordAt));
  });

  test.each([
    ["behind the head", claimAt(3, { logIndex: 700 })],
    ["in a shard that is not there", claimAt(3, { shard: 9 })],
    ["without a place", { ...claimAt(3), logIndex: Number.NaN }],
  ])("%s are not there yet", async (_, claim) => {
    await expect(readRecords([log], [claimAt(2), claim])).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("are known by the whole of their long names, which the index shortens", async () => {
    const { event, ...rest } = recordAt(1);
    const uid = "x".repeat(5_000);
    const record = { ...rest, event: { ...event, metadata: { ...event.metadata, uid } } };
    const own = await storedShard([Buffer.from(JSON.stringify(record))]);
    const told = indexEntryOf(record);
    const kept = { ...told, logIndex: 0, eventKey: toIndexKey(told)["eventKey"]?.S ?? "" };
    expect(kept.eventKey).not.toBe(told.eventKey);
    expect((await readRecords([own], [kept])).unproven).toEqual([]);
    const another = { ...kept, eventKey: kept.eventKey.replace(/.$/, (last) => (last === "0" ? "1" : "0")) };
    expect((await readRecords([own], [another])).unproven).toEqual([expect.stringContaining("its eventKey is ")]);
  });

  test("of a release in a large log take a few reads", async () => {
    const entries = decimals(0, 70_000);
    const places = [69_000, 69_001, 69_300, 69_301, 69_302, 69_999];
    for (const [i, place] of places.entries()) entries.splice(place, 1, Buffer.from(RECORDS[i] ?? Buffer.alloc(0)));
    const large = await storedShard(entries);
    const reads: string[] = [];
    const read = async (path: string) => {
      reads.push(path);
      return large.objects.get(path);
    };
    const asked = places.map((logIndex, i) => ({ ...claimAt(i), logIndex }));
    expect((await readRecords([{ ...large, log: { read } }], asked)).records).toHaveLength(places.length);
    // Three bundles and their tiles, and the tiles above and beside them that all have in common.
    expect(reads).toHaveLength(new Set(reads).size);
    expect(reads.length).toBeLessThanOrEqual(10);
  });
});

describe("an entry", () => {
  const forge = (bundle: string, at: number, entry: Uint8Array): Buffer => {
    const entries = decodeBundle(objectAt(bundle));
    entries[at] = entry;
    return encodeBundle(entries);
  };
  const forged = Buffer.from(
    Buffer.from(ENTRIES[4] ?? "")
      .toString()
      .replaceAll("user/bo", "user/ana"),
  );
  const tile = objectAt("tile/0/000");
  tile.write(leafHash(forged), 4 * 32, "hex");

  test.each<readonly [name: string, state: ShardState]>([
    ["that was forged in its bundle", changed({ "tile/entries/000": forge("tile/entries/000", 4, forged) })],
    [
      "that was forged in its bundle and its tile",
      changed({ "tile/entries/000": forge("tile/entries/000", 4, forged), "tile/0/000": tile }),
    ],
    ["whose bundle was swapped for another", changed({ "tile/entries/000": objectAt("tile/entries/001") })],
    ["whose bundle was cut short", changed({ "tile/entries/000": objectAt("tile/entries/000").subarray(0, 900) })],
    ["whose bundle is gone", changed({ "tile/entries/000": undefined })],
    ["whose tile is gone", changed({ "tile/0/000": undefined })],
  ])("%s is not proved to be there, and is named", async (_, state) => {
    expect(await unprovenIn(state, claimAt(4))).toEqual([
      expect.stringMatching(/^entry #4 of the evidence log is not as it was recorded: /),
    ]);
  });

  test("that was forged takes nothing from its neighbours", async () => {
    const state = changed({ "tile/entries/000": forge("tile/entries/000", 4, forged) });
    expect(await readRecords([state], [claimAt(3), claimAt(4), claimAt(5)])).toMatchObject({
      records: [{ record: recordAt(3) }, { record: recordAt(5) }],
      unproven: [expect.stringContaining("entry #4 ")],
    });
  });

  test("with any bit of it flipped is not proved to be there", async () => {
    const original = Buffer.from(ENTRIES[4] ?? "");
    let i = 0;
    for (const bytes of flippedBits(original)) {
      i += 1;
      // All of them take long, and are no others.
      if (i % 401 !== 0) continue;
      const state = changed({ "tile/entries/000": forge("tile/entries/000", 4, bytes) });
      expect(await unprovenIn(state, claimAt(4))).toHaveLength(1);
    }
    expect(i).toBeGreaterThan(1_000);
  });

  test("that is proved and is no record is a log that cannot be trusted", async () => {
    const own = await storedShard([Buffer.from('{"v":1,"event":"nothing"}')]);
    expect((await readRecords([own], [{ ...claimAt(4), logIndex: 0 }])).unproven).toEqual([
      expect.stringMatching(/^entry #0 .* is no audit record/),
    ]);
  });

  test("whose objects are on their way behind the checkpoint is waited for", async () => {
    for (const path of ["tile/entries/002.p/188", "tile/0/002.p/188"]) {
      await expect(readRecords([changed({ [path]: undefined })], [claimAt(650)])).rejects.toMatchObject({
        code: "UNAVAILABLE",
        message: expect.stringContaining("is not there yet: ask again in a minute"),
      });
    }
  });

  test("that a store does not answer for is neither there nor forged", async () => {
    const read = async (): Promise<never> => {
      throw new GatebookError("UNAVAILABLE", "S3 does not answer");
    };
    await expect(readRecords([{ ...log, log: { read } }], [claimAt(4)])).rejects.toThrow("S3 does not answer");
  });
});

describe("an index entry", () => {
  test.each(["cy@acme.example", ""])(
    "that writes the hash of the recorded name behind %j is not believed",
    async (name) => {
      const { person } = indexEntryOf(recordAt(4));
      const claim = claimAt(4, { person: `${name}#${hash("sha256", JSON.stringify(person), "hex")}` });
      expect(await unprovenIn(log, claim)).toEqual([
        expect.stringContaining(`its person is ${person} in the log and ${name}#`),
      ]);
    },
  );

  test.each<readonly [name: string, claim: IndexEntry, wrong: RegExp]>([
    [
      "that points to another record",
      claimAt(4, { logIndex: 1 }),
      /^entry #1 .* its \w+ is .* in the log and .* in the index$/,
    ],
    [
      "that names another principal",
      claimAt(4, { principal: "x" }),
      /its principal is .*user\/bo in the log and x in the index/,
    ],
    [
      "that names another person",
      claimAt(4, { person: "ana@acme.example" }),
      /its person is bo@acme\.example in the log/,
    ],
    ["that says another action", claimAt(4, { action: "other" }), /its action is pipeline\.approve in the log/],
    ["that says another outcome", claimAt(4, { status: 2 }), /its status is 1 in the log and 2 in the index/],
    ["of another delivery", claimAt(4, { trace: "t" }), /its trace is .* in the log and t in the index/],
    ["with a finding that was none", claimAt(4, { finding: "high" }), /its finding is nothing in the log and high in/],
    ["with a place between two entries", claimAt(4, { logIndex: 4.5 }), /there is no such place/],
    ["with a place before the first", claimAt(4, { logIndex: -3 }), /as it was recorded/],
  ])("%s is not believed", async (_, claim, wrong) => {
    expect(await readRecords([log], [claim])).toMatchObject({
      records: [],
      unproven: [expect.stringMatching(wrong)],
    });
  });
});
