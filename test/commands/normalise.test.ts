/** `gatebook normalise`: one line an event, and what is broken said with its place. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { gatebook, linesOf, ROOT, temporaryFolder } from "./gatebook.ts";

const EVENTS = "test/events";

test("every recorded event of the project is printed as one line of JSON", async () => {
  const { code, stdout, stderr } = await gatebook(["normalise", EVENTS]);
  const files = readdirSync(join(ROOT, EVENTS), { recursive: true }).filter((name) => String(name).endsWith(".json"));
  const lines = linesOf(stdout);
  expect([code, lines.length]).toEqual([0, files.length]);
  for (const line of lines) {
    expect(line).toMatchObject({
      at: expect.stringMatching(/:\d+$/),
      action: expect.any(String),
      granted: { by: expect.any(String) },
    });
    expect(line["event"]).toMatchObject({ class_uid: expect.any(Number), time: expect.any(Number) });
  }
  expect(stderr).toBe(`${files.length} normalised, 0 could not be read\n`);
});

test("a broken line is named by file and line, and the rest is printed", async () => {
  const folder = await temporaryFolder();
  const event = (id: string): string =>
    JSON.stringify({
      eventID: id,
      eventSource: "sts.amazonaws.com",
      eventName: "AssumeRole",
      eventTime: "2026-11-24T10:00:00Z",
    });
  const file = join(folder, "trail.jsonl");
  writeFileSync(file, [event("a"), '{"eventID": "b', "", event("c"), "{}"].join("\n"));
  const { code, stdout, stderr } = await gatebook(["normalise", folder]);
  expect(code).toBe(2);
  expect(linesOf(stdout).map(({ at }) => at)).toEqual([`${file}:0`, `${file}:1`]);
  expect(stderr).toMatch(new RegExp(`^${file}:2: is not JSON`, "m"));
  expect(stderr).toMatch(new RegExp(`^${file}\\b.*: the message is neither an EventBridge event`, "m"));
  expect(stderr).toMatch(/^2 normalised, 2 could not be read$/m);
});

test("CloudTrail's own files are read, compressed or not, and hostile ones are refused", async () => {
  const folder = await temporaryFolder();
  const Records = ["a", "b"].map((eventID) => ({
    eventID,
    eventSource: "sts.amazonaws.com",
    eventName: "AssumeRole",
    eventTime: "2026-11-24T10:00:00Z",
  }));
  writeFileSync(join(folder, "1.json"), JSON.stringify({ Records }));
  writeFileSync(join(folder, "2.json.gz"), gzipSync(JSON.stringify({ Records })));
  writeFileSync(join(folder, "3.json.gz"), gzipSync(JSON.stringify({ Records })).subarray(0, 40));
  writeFileSync(join(folder, "4.json"), "[".repeat(200_000));
  writeFileSync(join(folder, "5.json"), Buffer.from([0xff, 0xfe, 0x00, 0x01]));
  writeFileSync(join(folder, "notes.txt"), "not looked at");
  const { code, stdout, stderr } = await gatebook(["normalise", folder]);
  expect(code).toBe(2);
  expect(linesOf(stdout).map(({ at }) => String(at).slice(folder.length + 1))).toEqual([
    "1.json:0",
    "1.json:1",
    "2.json.gz:0",
    "2.json.gz:1",
  ]);
  for (const name of ["3.json.gz", "4.json", "5.json"]) expect(stderr).toContain(`${join(folder, name)}:1: `);
  expect(stderr).toMatch(/^4 normalised, 3 could not be read$/m);
  expect(stderr).not.toMatch(/^ {4}at /m);
});
