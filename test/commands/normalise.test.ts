/** `gatebook normalise`: one line an event, and what is broken said with its place. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { gatebook, linesOf, ROOT, temporaryFolder } from "./gatebook.ts";

const EVENTS = "test/events";

test("every recorded event of the project is printed as one line of JSON", async () => {
  const { code, stdout, stderr } = await gatebook(["normalise", EVENTS]);
  const files = readdirSync(join(ROOT, EVENTS), { recursive: true }).map(String);
  const events = files.filter((name) => name.endsWith(".json")).length;
  // One to a file, but for the stories, which have one to a line.
  const told = files
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => linesOf(readFileSync(join(ROOT, EVENTS, name), "utf8")).length);
  const count = told.reduce((sum, each) => sum + each, events);
  const lines = linesOf(stdout);
  expect([code, lines.length]).toEqual([0, count]);
  for (const line of lines) {
    expect(line).toMatchObject({
      at: expect.stringMatching(/:\d+$/),
      action: expect.any(String),
      granted: { by: expect.any(String) },
    });
    expect(line["event"]).toMatchObject({ class_uid: expect.any(Number), time: expect.any(Number) });
  }
  const [families = "", ...summary] = stderr.trimEnd().split("\n");
  expect(summary).toEqual([`${count} normalised, 0 could not be read`]);
  const counts = families.split(", ").map((family) => Number(/^[a-z0-9-]+ (\d+)$/.exec(family)?.[1]));
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  expect(counts.reduce((sum, each) => sum + each)).toBe(count);
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
  expect(stderr).toMatch(
    new RegExp(`^${file}\\b.*: is no event that Gatebook can tell: neither an EventBridge event`, "m"),
  );
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

test("what is no event is named and does no harm, and a webhook's file is told by its folder where its body does not tell", async () => {
  const folder = await temporaryFolder();
  const [kind, alarm] = [join(folder, "package"), join(folder, "alarm.json")];
  mkdirSync(kind);
  writeFileSync(join(kind, "1.json"), JSON.stringify({ action: "entangled", sender: { login: "ana" }, quantum: {} }));
  const Message = JSON.stringify({ AlarmName: "queue-age", NewStateValue: "ALARM" });
  writeFileSync(alarm, JSON.stringify({ Records: [{ EventSource: "aws:sns", Sns: { Message } }] }));
  const { code, stdout, stderr } = await gatebook(["normalise", folder]);
  expect(code).toBe(0);
  expect(linesOf(stdout)).toMatchObject([{ event: { metadata: { event_code: "package.entangled" } } }]);
  expect(stderr.trimEnd().split("\n")).toEqual([
    `${alarm}, record 0: is a CloudWatch alarm, and no event of a source that Gatebook knows`,
    "github 1",
    "1 normalised, 0 could not be read, 1 are no events",
  ]);
});

test("each of several records that one sample holds has a place of its own", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "samples.json");
  const Records = ["AssumeRole", "StopLogging"].map((eventName) => ({ eventSource: "sts.amazonaws.com", eventName }));
  writeFileSync(
    file,
    JSON.stringify([{ data: { Records } }, { data: { Records: Records.slice(0, 1) } }, { data: {} }]),
  );
  const { code, stdout, stderr } = await gatebook(["normalise", file]);
  expect(code).toBe(2);
  expect(linesOf(stdout).map(({ at }) => at)).toEqual([`${file}:0.0`, `${file}:0.1`, `${file}:1`]);
  expect(stderr).toMatch(new RegExp(`^${file}, record 2: is no event that Gatebook can tell`, "m"));
  expect(stderr).toMatch(/^3 normalised, 1 could not be read$/m);
});

test("what is printed is not kept: more than there is memory for goes through", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "trail.jsonl");
  const requestParameters = { words: Array.from({ length: 400 }, (_, n) => `a word of ${n}`) };
  const record = { eventSource: "ec2.amazonaws.com", eventTime: "2026-11-24T10:00:00Z", requestParameters };
  const lines = Array.from({ length: 12_000 }, (_, n) =>
    JSON.stringify({ ...record, eventName: "RunInstances", eventID: `${n}` }),
  );
  writeFileSync(file, lines.join("\n"));
  vi.stubEnv("NODE_OPTIONS", "--max-old-space-size=110");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { code, stdout, stderr } = await gatebook(["normalise", file]);
  expect([code, stderr]).toEqual([0, "cloudtrail 12000\n12000 normalised, 0 could not be read\n"]);
  expect(stdout.length).toBeGreaterThan(75 * 1024 * 1024);
});
