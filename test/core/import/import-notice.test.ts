/** A message of the log-file queue: each of its files, and what goes to the dead letters. */
import { expect, test } from "vitest";
import { importNotice } from "../../../lib/core/import/import-notice.ts";
import { readLogFileNotice } from "../../../lib/core/import/log-file-notice.ts";
import { inChunks } from "./streams.ts";

const RECORD = '{"eventTime":"2026-11-22T10:00:00Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser"}';
const FILES: Readonly<Record<string, string>> = {
  "good.json": `{"Records":[${RECORD}]}`,
  "also-good.json": `{"Records":[${RECORD},${RECORD}]}`,
  "bad é.json": `{"Records":[${RECORD},{}]}`,
};

const sent: string[] = [];
const world = {
  open: async ({ key }: { readonly key: string }) => inChunks(FILES[key] ?? ""),
  intake: {
    send: async (bodies: readonly string[]) => bodies.map((body) => String(sent.push(body))),
  },
  bucket: "acme-trail",
  ownRoles: new Set<string>(),
};
const noticeOf = (...keys: readonly string[]) => JSON.stringify({ s3Bucket: "acme-trail", s3ObjectKey: keys });

test("files with nothing wrong leave nothing behind", async () => {
  const { imports, rejected } = await importNotice({ id: "1", body: noticeOf("good.json", "also-good.json") }, world);
  expect(imports.map((each) => "records" in each && each.records)).toEqual([1, 2]);
  expect(rejected).toEqual([]);
});

test("of several files, the one with something wrong is put aside, in a form that has it imported again", async () => {
  const body = noticeOf("good.json", "bad é.json", "also-good.json", "notes.txt");
  const { imports, rejected } = await importNotice({ id: "2", body }, world);
  expect(imports.map(({ outcome }) => outcome)).toEqual(["imported", "rejected", "imported", "skipped"]);
  expect(rejected).toEqual([
    {
      id: "2",
      body: expect.any(String),
      reason: expect.stringMatching(/^s3:\/\/acme-trail\/bad \\u00e9\.json has a bad record \(1,/),
    },
  ]);
  expect(readLogFileNotice(rejected[0]?.body ?? "")).toEqual([{ bucket: "acme-trail", key: "bad é.json" }]);
});

test("a message that tells of no file is put aside as it came", async () => {
  const body = '{"hello":"world"}';
  expect(await importNotice({ id: "3", body }, world)).toEqual({
    imports: [],
    rejected: [{ id: "3", body, reason: expect.stringMatching(/^the message tells of no file in S3/) }],
  });
});

test("a reason fits beside its message, however long the key", async () => {
  const { rejected } = await importNotice({ id: "4", body: noticeOf(`${"\u0001".repeat(1_000)}.json`) }, world);
  expect(rejected).toHaveLength(1);
  expect(rejected[0]?.reason.length).toBeLessThan(8_200);
  expect(rejected[0]?.reason).toMatch(/^[\x20-\x7e]+/);
});

test("what may pass is thrown for the whole message", async () => {
  const broken = { ...world, open: () => Promise.reject(new Error("SlowDown")) };
  await expect(importNotice({ id: "5", body: noticeOf("good.json") }, broken)).rejects.toThrow("SlowDown");
});
