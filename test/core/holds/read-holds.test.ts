/** Holds are read back from the log as they were recorded, and nothing that is none passes for one. */
import { describe, expect, test } from "vitest";
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
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
  const record = { v: 1, ...normalised, components: [], access: { outcome: "not-applicable" }, findings: [] } as const;
  return encodeRecord(record, entry).bytes;
}

async function holdsIn(events: readonly object[]): Promise<Holds> {
  const entries = await Promise.all(events.map(entryOf));
  const { created } = growEdge(EMPTY_EDGE, entries);
  const log = memoryLogSource(new Map(created.map(({ path, bytes }) => [path, bytes])));
  return readHolds(log, entries.length);
}

const held = heldEvent(ID, "case 2026-17", SCOPE);
const hold = { id: ID, ...SCOPE, added: { principal: "", reason: "", time: 0, index: 0 } };
const released = releasedEvent(hold, "closed");

test("a hold has its scope, who, why, when and where it is recorded", async () => {
  const { holds, unreadable } = await holdsIn([held]);
  expect(unreadable).toEqual([]);
  expect([...holds.values()]).toEqual([
    {
      id: ID,
      ...SCOPE,
      added: { principal: "ana@acme.example", reason: "case 2026-17", time: TIME, index: 0 },
    },
  ]);
});

test("it is active until it is released, by whoever was the first", async () => {
  const other = heldEvent(holdId("other"), "another", SCOPE);
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
  const bytes = await entryOf(heldEvent(ID, reason, { ...SCOPE, size: 999_999_999_999_999, ranges }), 0);
  const { event } = JSON.parse(Buffer.from(bytes).toString());
  expect(event.unmapped.ranges).toEqual(ranges.map(({ from, to }) => [from, to]));
  expect(event.unmapped.reason).toBe(reason);
});

test("secrets in a reason do not enter the log", async () => {
  const { holds } = await holdsIn([heldEvent(ID, "key AKIAIOSFODNN7EXAMPLX password=hunter2hunter2", SCOPE)]);
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
    expect([holds.size, unreadable]).toEqual([0, [0]]);
  });

  test("a second event that claims a hold's id", async () => {
    const found = await holdsIn([held, { ...heldEvent(ID, "mine", { ...SCOPE, checkpoint: "other" }) }]);
    expect(found.holds.get(ID)).toMatchObject({ checkpoint: SCOPE.checkpoint, added: { reason: "case 2026-17" } });
    expect(found.unreadable).toEqual([1]);
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
