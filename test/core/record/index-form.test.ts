/** The entry of the index follows from the bytes of the record, whatever the record is, and however it had to be cut. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { MFA_STATES } from "../../../lib/core/access/mfa.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { decodeRecord } from "../../../lib/core/record/decode-record.ts";
import { DELIVERY_ACTIONS } from "../../../lib/core/record/delivery-action.ts";
import { encodeRecord, MAX_RECORD_BYTES } from "../../../lib/core/record/encode-record.ts";
import { LEVELS } from "../../../lib/core/record/finding.ts";
import type { IndexEntry } from "../../../lib/core/record/index-entry.ts";
import { indexEntryOf } from "../../../lib/core/record/index-form.ts";
import { everyEvent, recordEvents } from "./every-event.ts";

const RECORD: AuditRecord = {
  v: 1,
  event: {
    class_uid: 6003,
    time: Date.parse("2026-11-24T10:00:04Z"),
    metadata: { uid: "e1", event_code: "StartBuild" },
    actor: { user: { uid: "ana" } },
    raw_data: "{}",
  } as unknown as AuditRecord["event"],
  action: "build.start",
  granted: { by: "unknown" },
  components: [],
  access: { outcome: "not-applicable", reason: "no policy is in force" },
  findings: [],
};

test("every recorded event gives the entry again that was written with it", async () => {
  const entries = await recordEvents(everyEvent(), memoryEventIndex());
  expect(entries.length).toBeGreaterThan(150);
  for (const { bytes, index } of entries) expect(indexEntryOf(decodeRecord(bytes))).toEqual(index);
});

test("what follows from the record is not repeated in it", () => {
  const entry: IndexEntry = {
    principal: "ana",
    eventKey: "2026-11-24T10:00:04.000Z#e1",
    action: "build.start",
    operation: "StartBuild",
  };
  expect(decodeRecord(encodeRecord(RECORD, entry).bytes).index).toBeUndefined();
  const other = { ...entry, identity: "github:1" };
  expect(decodeRecord(encodeRecord(RECORD, other).bytes).index).toEqual({ identity: "github:1" });
});

const words = fc.string({ unit: "binary", maxLength: 600 });
const anyEntry = fc.record(
  {
    principal: words,
    eventKey: words,
    identity: words,
    action: fc.constantFrom(...DELIVERY_ACTIONS),
    operation: words,
    person: words,
    resource: words,
    trace: words,
    links: fc.array(words, { maxLength: 20, size: "max" }),
    status: fc.integer(),
    issued: words,
    mfa: fc.constantFrom(...MFA_STATES),
    mfaOf: fc.array(words, { maxLength: 2 }),
    finding: fc.constantFrom(...LEVELS),
  },
  { requiredKeys: ["principal", "eventKey", "action", "operation"] },
);

test("any entry comes back from a record of any size, which still fits the log", () => {
  const sizes = fc.constantFrom(0, 100, MAX_RECORD_BYTES, 1_000_000);
  fc.assert(
    fc.property(anyEntry, sizes, fc.boolean(), (entry, size, isMessage) => {
      const long = "x".repeat(size);
      const event = { ...RECORD.event, ...(isMessage ? { message: long } : { raw_data: long }) };
      const trace = isMessage ? long : "execution";
      const { bytes } = encodeRecord({ ...RECORD, event, trace, person: "ana@acme.example" }, entry);
      expect(bytes.byteLength).toBeLessThanOrEqual(MAX_RECORD_BYTES);
      expect(indexEntryOf(decodeRecord(bytes))).toEqual(entry);
    }),
    { numRuns: 200 },
  );
});

describe("an entry of the log is refused whose", () => {
  const hostile: [string, object][] = [
    ["time is no date", { event: { ...RECORD.event, time: 1e300 } }],
    ["index names no action", { index: { action: "everything" } }],
    ["index has a principal that is no text", { index: { principal: null } }],
    ["index has links that are no list", { index: { links: { length: 3 } } }],
    ["index is no object", { index: [] }],
    ["MFA is none of its states", { mfa: { is: "maybe", from: "access" } }],
    ["index has an MFA that is none of its states", { index: { mfa: "maybe" } }],
    ["index has a finding of no level", { index: { finding: "catastrophic" } }],
  ];
  test.each(hostile)("%s", (_, members) => {
    const bytes = Buffer.from(JSON.stringify({ ...RECORD, ...members }));
    expect(() => decodeRecord(bytes)).toThrow(expect.objectContaining({ code: "LOG_CORRUPT" }));
  });
});

test("members of the index that a later Gatebook adds, and a prototype, change nothing", () => {
  const text = JSON.stringify({ ...RECORD, index: { identity: "a", colour: "red" } });
  const bytes = Buffer.from(text.replace('"colour"', '"__proto__":{"person":"mallory@acme.example"},"colour"'));
  const entry = indexEntryOf(decodeRecord(bytes));
  expect(entry).toMatchObject({ principal: "ana", identity: "a" });
  expect(entry.person).toBeUndefined();
});
