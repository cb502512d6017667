/** Holds are read back from the log as they were recorded, and nothing that is none passes for one. */
import { describe, expect, test } from "vitest";
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import type { ShardLog } from "../../../lib/core/evidence/shard-log.ts";
import { EMPTY_EDGE, growEdge } from "../../../lib/core/evidence/tiles.ts";
import { type HoldEvent, heldEvent, holdId, isHoldId, releasedEvent } from "../../../lib/core/holds/hold.ts";
import { activeHolds, type Holds, readHolds } from "../../../lib/core/holds/read-holds.ts";
import { encodeRecord } from "../../../lib/core/record/encode-record.ts";
import { prepareRecord } from "../../../lib/core/record/prepare-record.ts";

const ID = holdId("0b6c1d2e-8a54-4b53-93f5-3c2d1f6b7a01");
const SCOPE = { size: 1, checkpoint: "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY", objects: 3, ranges: [{ from: 0, to: 1 }] };
const calendar = { date: "2026-11-22", time: "12:00", weekday: "sun", holiday: false, business_hours: false } as const;
const TIME = 1_795_513_200_000;

/** As recording makes an entry of it: redacted, normalised, encoded. */
async function entryOf(event: object, number: number): Promise<Uint8Array> {
  const own = { v: 1, kind: "gatebook", uid: `own-${number}`, time: TIME + number, principal: "ana@acme.example" };
  const { normalised, entry } = await prepareRecord(JSON.stringify({ ...own, ...event }), () => ({
    components: [],
    calendar,
  }));
  const record = {
    v: 1,
    ...normalised,
    components: [],
    access: { outcome: "not-applicable", reason: "no policy is in force" },
    findings: [],
  } as const;
  return encodeRecord(record, entry).bytes;
}

async function holdsIn(events: readonly object[]): Promise<Holds> {
  return readHolds([await shardOf(0, events)]);
}

/** @param first number of its first event, which tells its time */
async function shardOf(shard: number, events: readonly object[], first = 0): Promise<ShardLog> {
  const entries = await Promise.all(events.map((event, i) => entryOf(event, first + i)));
  const { created } = growEdge(EMPTY_EDGE, entries);
  const log = memoryLogSource(new Map(created.map(({ path, bytes }) => [path, bytes])));
  return { shard, log, size: entries.length };
}

const held = heldEvent(ID, "case 2026-17", [SCOPE]);
const hold = { id: ID, scopes: [SCOPE], added: { principal: "", reason: "", time: 0, index: 0 } };
const released = releasedEvent(hold, "closed");

test("a hold has its scope, who, why, when and where it is recorded", async () => {
  const { holds, unreadable } = await holdsIn([held]);
  expect(unreadable).toEqual([]);
  expect([...holds.values()]).toEqual([
    {
      id: ID,
      scopes: [SCOPE],
      added: { principal: "ana@acme.example", reason: "case 2026-17", time: TIME, index: 0 },
    },
  ]);
});

test("it is active until it is released, by whoever was the first", async () => {
  const other = heldEvent(holdId("other"), "another", [SCOPE]);
  const found = await holdsIn([held, other, released, { ...released, details: { reason: "again" } }]);
  expect(activeHolds(found).map(({ id }) => id)).toEqual([holdId("other")]);
  expect(found.holds.get(ID)?.released).toMatchObject({ reason: "closed", index: 2 });
});

test("as many ranges as a hold may have are recorded whole", async () => {
  const ranges = Array.from({ length: 1_000 }, (_, i) => ({
    from: 900_000_000_000_000 + 2 * i,
    to: 900_000_000_000_001 + 2 * i,
  }));
  const reason = "w".repeat(1_000);
  const bytes = await entryOf(heldEvent(ID, reason, [{ ...SCOPE, size: 999_999_999_999_999, ranges }]), 0);
  const { event } = JSON.parse(Buffer.from(bytes).toString());
  expect(event.unmapped.ranges).toEqual(ranges.map(({ from, to }) => [from, to]));
  expect(event.unmapped.reason).toBe(reason);
});

test("secrets in a reason do not enter the log", async () => {
  const { holds } = await holdsIn([heldEvent(ID, "key AKIAIOSFODNN7EXAMPLX password=hunter2hunter2", [SCOPE])]);
  expect(JSON.stringify([...holds.values()])).not.toContain("hunter2hunter2");
});

describe("what could not have been carried out is said and held by nobody", () => {
  const changed = (details: object): HoldEvent => ({ ...held, details: { ...held.details, ...details } });
  test.each<[string, object]>([
    ["an id that is none", { ...held, resource: "hold:../../x" }],
    ["no details", { type: held.type, resource: ID, message: "" }],
    ["a log larger than this one", changed({ size: 2 ** 52, ranges: [[0, 2 ** 52]] })],
    ["entries behind the end", changed({ ranges: [[0, 2]] })],
    ["no entries", changed({ ranges: [] })],
    ["an empty range", changed({ ranges: [[0, 0]] })],
    [
      "ranges in no order",
      changed({
        ranges: [
          [1, 1],
          [0, 1],
        ],
      }),
    ],
    ["a fraction", changed({ ranges: [[0, 0.5]] })],
    ["a negative place", changed({ ranges: [[-1, 1]] })],
    ["a list of texts", changed({ ranges: [["0", "1"]] })],
    ["no checkpoint", changed({ checkpoint: "" })],
    ["a checkpoint that is an object", changed({ checkpoint: { $ne: 1 } })],
    ["more ranges than a record holds", changed({ ranges: Array.from({ length: 1_001 }, () => [0, 1]) })],
    ["a release of what was never held", released],
  ])("%s", async (_, event) => {
    const { holds, unreadable } = await holdsIn([event]);
    expect([holds.size, unreadable]).toEqual([0, [{ shard: 0, index: 0 }]]);
  });

  test("a second event that claims a hold's id", async () => {
    const found = await holdsIn([held, { ...heldEvent(ID, "mine", [{ ...SCOPE, checkpoint: "other" }]) }]);
    expect(found.holds.get(ID)).toMatchObject({
      scopes: [{ checkpoint: SCOPE.checkpoint }],
      added: { reason: "case 2026-17" },
    });
    expect(found.unreadable).toEqual([{ shard: 0, index: 1 }]);
  });
});

test("a tool's own event of that name is a tool's claim, and no hold", async () => {
  const event = { specversion: "1.0", id: "1", source: "Gatebook", type: held.type, data: held.details };
  const caller = { arn: "arn:aws:iam::111122223333:role/x", account: "111122223333" };
  const cloudEvent = { v: 1, kind: "cloudevent", receivedAt: TIME, caller, event };
  const found = await holdsIn([held, { ...cloudEvent, uid: undefined, time: undefined, principal: undefined }]);
  expect([found.holds.size, found.unreadable]).toEqual([1, []]);
});

test.each(["hold:", "hold", "hold:a b", "hold:a/b", `hold:${"a".repeat(65)}`, "#1", ""])("%j is no hold's id", (text) =>
  expect(isHoldId(text)).toBe(false),
);

describe("of several shards", () => {
  const scopes = [SCOPE, { ...SCOPE, shard: 2, ranges: [{ from: 0, to: 2 }], size: 2 }];
  const onBoth = heldEvent(ID, "case 2026-17", scopes);
  const other = heldEvent(holdId("other"), "another", [SCOPE]);

  test("a hold has its scope in each, and its place tells the shard that it is recorded in", async () => {
    const shards = [await shardOf(0, [other]), await shardOf(2, [other, onBoth], 5)];
    const { holds, unreadable } = await readHolds(shards);
    expect(holds.get(ID)).toMatchObject({ scopes, added: { index: 1, shard: 2 } });
    // Its id was taken by the one that is older.
    expect([holds.size, unreadable]).toEqual([2, [{ shard: 2, index: 0 }]]);
  });

  test.each([
    ["before", 0],
    ["after", 9],
  ])("a release in another shard counts, though its clock puts it %s the hold", async (_, number) => {
    const found = await readHolds([await shardOf(0, [held], 5), await shardOf(1, [released], number)]);
    expect([activeHolds(found), found.unreadable]).toEqual([[], []]);
    expect(found.holds.get(ID)?.released).toMatchObject({ index: 0, shard: 1 });
  });

  test("a release that its own shard has before the hold released something else", async () => {
    const found = await readHolds([await shardOf(0, [released, held])]);
    expect([activeHolds(found).length, found.unreadable]).toEqual([1, [{ shard: 0, index: 0 }]]);
  });

  const changed = (shards: unknown) => ({ ...onBoth, details: { reason: "case 17", shards } });
  const [first, second] = (onBoth.details["shards"] ?? []) as object[];
  test.each<[string, unknown]>([
    ["no shards", []],
    ["the same shard twice", [first, first]],
    ["a shard that there is not", [{ ...second, shard: 3 }]],
    ["a shard over the last", [{ ...second, shard: 16 }]],
    ["a shard below the first", [{ ...second, shard: -1 }]],
    ["a shard that is a text", [{ ...second, shard: "2" }]],
    ["a shard that is smaller", [first, { ...second, size: 3, ranges: [[0, 3]] }]],
    ["more ranges than a record holds", [0, 2].map((shard) => ({ ...first, shard, ranges: Array(501).fill([0, 1]) }))],
    ["no list", { 0: first }],
  ])("%s is nothing that could have been carried out", async (_, shards) => {
    const logs = [await shardOf(0, [changed(shards)]), await shardOf(2, [other, other])];
    const { holds, unreadable } = await readHolds(logs);
    expect(holds.has(ID)).toBe(false);
    expect(unreadable).toContainEqual({ shard: 0, index: 0 });
  });
});
