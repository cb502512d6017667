/** Recorded events on disk: one at a time, with where they stand and what is written around them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listEventFiles, readRecordedEvents } from "../../lib/adapters/recorded-files.ts";

const folder = mkdtempSync(join(tmpdir(), "gatebook-recorded-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

test("a record knows the names of its folders and its file, without their extensions", () => {
  mkdirSync(join(folder, "octokit", "pull_request"), { recursive: true });
  const file = write("octokit/pull_request/opened.with-label.payload.json", "{}");
  expect([...listEventFiles([join(folder, "octokit")])]).toEqual([file]);
  const [record] = readRecordedEvents(file);
  expect(record).toMatchObject({ at: `${file}:0`, value: {} });
  expect(record !== undefined && "hints" in record && record.hints.slice(-3)).toEqual([
    "octokit",
    "pull_request",
    "opened",
  ]);
});

test("a broken line is said with its number and keeps no other from being read", () => {
  const good = '{"n":1}';
  const file = write("long.jsonl", ["", "nonsense", good, "{", `${good}\r`, "7"].join("\n"));
  const records = [...readRecordedEvents(file)].map((record) => ("problem" in record ? record.at : record));
  expect(records).toMatchObject([
    `${file}:2`,
    { at: `${file}:0`, value: { n: 1 } },
    `${file}:4`,
    { at: `${file}:1`, value: { n: 1 } },
    { at: `${file}:2`, value: 7 },
  ]);
});

test("a file of which no line is an event is broken as a whole, and said once", () => {
  for (const content of ["nonsense\nmore of it", '{"a":\n1', "1\n2\n3"]) {
    const file = write("broken.jsonl", content);
    expect([...readRecordedEvents(file)]).toEqual([
      { at: `${file}:1`, problem: expect.stringMatching(/^is not JSON/) },
    ]);
  }
});
