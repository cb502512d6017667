/** Staged batches, hostile ones included. */
import { hash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeStagedBatch, encodeStagedBatch, type StagedBatch } from "../../../lib/core/evidence/staged-batch.ts";
import { eventEntry } from "./log-world.ts";

const object = (path: string, text: string) => ({
  path,
  bytes: Buffer.from(text),
  contentType: "application/octet-stream",
});

const batch: StagedBatch = {
  origin: "evidence.example/acme/0",
  time: 1_700_000_000_000,
  from: 3,
  size: 5,
  root: "ab".repeat(32),
  created: [object("tile/0/000.p/5", "five hashes"), object("tile/entries/000.p/5", "")],
  carried: [object("tile/1/000.p/1", "\u0000é")],
  entries: [eventEntry(3).index, { ...eventEntry(4).index, status: 1, finding: "high", trace: "é" }],
  findings: [...eventEntry(3).findings],
};

const corrupt = expect.objectContaining({ code: "LOG_CORRUPT" });
const keyOf = (bytes: Uint8Array): string => `staged/${hash("sha256", bytes, "hex")}`;

test("reads back what it wrote, under the hash of the bytes", () => {
  const { key, bytes } = encodeStagedBatch(batch);
  expect(key).toBe(keyOf(bytes));
  expect(decodeStagedBatch(key, bytes)).toEqual(batch);
});

test("the same batch gives the same bytes", () => {
  expect(encodeStagedBatch(structuredClone(batch))).toEqual(encodeStagedBatch(batch));
});

test("keeps members of a finding that are newer than this code", () => {
  const findings = batch.findings.map((finding) => ({ ...finding, playbook: "https://example.com/runbook" }));
  const { key, bytes } = encodeStagedBatch({ ...batch, findings });
  expect(decodeStagedBatch(key, bytes).findings).toEqual(findings);
});

describe("refuses", () => {
  test("bytes that another key names", () => {
    const { bytes } = encodeStagedBatch(batch);
    expect(() => decodeStagedBatch(`staged/${"0".repeat(64)}`, bytes)).toThrow(corrupt);
  });

  test("any changed byte", () => {
    const { key, bytes } = encodeStagedBatch(batch);
    fc.assert(
      fc.property(fc.nat(bytes.byteLength - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ difference;
        expect(() => decodeStagedBatch(key, changed)).toThrow(corrupt);
      }),
    );
  });

  const withHeader = (change: (header: Record<string, unknown>) => void): Buffer => {
    const unpacked = gunzipSync(encodeStagedBatch(batch).bytes);
    const end = 4 + unpacked.readUInt32BE(0);
    const header = JSON.parse(unpacked.toString("utf8", 4, end));
    change(header);
    const encoded = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(encoded.byteLength);
    return gzipSync(Buffer.concat([length, encoded, unpacked.subarray(end)]));
  };

  test.each<[string, Buffer]>([
    ["what is not gzip", Buffer.from("not gzip")],
    ["nothing", gzipSync("")],
    ["a header longer than the object", gzipSync(Buffer.of(0xff, 0xff, 0xff, 0xff, 0x7b, 0x7d))],
    ["a header that is not JSON", gzipSync(Buffer.of(0, 0, 0, 1, 0x7b))],
    ["a bomb", gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 })],
    ["another version", withHeader((header) => Object.assign(header, { v: 2 }))],
    ["objects that take fewer bytes than there are", withHeader((header) => Object.assign(header, { carried: [] }))],
    [
      "objects that take more bytes than there are",
      withHeader((header) => Object.assign(header, { carried: [{ path: "x", contentType: "y", length: 9e15 }] })),
    ],
    [
      "an object of negative length",
      withHeader((header) => Object.assign(header, { carried: [{ path: "x", contentType: "y", length: -1 }] })),
    ],
    ["entries that do not lead to the size", withHeader((header) => Object.assign(header, { size: 6 }))],
  ])("%s, though the key names it", (_, bytes) => {
    expect(() => decodeStagedBatch(keyOf(bytes), bytes)).toThrow(corrupt);
  });
});

test("refuses to stage what could not be read back", () => {
  const entries = batch.entries.map((entry) => ({ ...entry, status: Number.POSITIVE_INFINITY }));
  expect(() => encodeStagedBatch({ ...batch, entries })).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});

test("refuses to stage more than could be unpacked", () => {
  const created = [{ ...object("payload", ""), bytes: Buffer.alloc(256 * 1024 * 1024) }];
  expect(() => encodeStagedBatch({ ...batch, created })).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});
