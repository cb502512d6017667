/** One log file: what is good in it arrives, what is not is said, and what may pass is tried again. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { type ImportWorld, importLogFile, MAX_BAD_RECORDS } from "../../../lib/core/import/import-log-file.ts";
import { fixtureBody, fixtureNames } from "../sources/fixtures.ts";
import { inChunks } from "./streams.ts";

const BUCKET = "acme-trail";
const KEY = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/22/x.json.gz";
const URI = `s3://${BUCKET}/${KEY}`;
const OWN_ROLE = "arn:aws:iam::111122223333:role/Gatebook-Record";

const recordOf = (id: number, other: object = {}): string =>
  JSON.stringify({
    eventTime: "2026-11-22T10:00:00Z",
    eventSource: "iam.amazonaws.com",
    eventName: "CreateUser",
    eventID: `00000000-0000-4000-8000-${String(id).padStart(12, "0")}`,
    ...other,
  });
const dataEventBy = (arn: string): string =>
  recordOf(900, {
    eventCategory: "Data",
    userIdentity: { type: "AssumedRole", sessionContext: { sessionIssuer: { arn } } },
  });
const trailOf = (...records: readonly string[]): string => `{"Records":[${records.join(",")}]}`;

interface Trial extends ImportWorld {
  readonly sent: string[];
}

function worldOf(content: string | Uint8Array, other: Partial<ImportWorld> = {}): Trial {
  const sent: string[] = [];
  return {
    open: async () => inChunks(content),
    intake: {
      async send(bodies) {
        sent.push(...bodies);
        return bodies.map((_, i) => String(i));
      },
    },
    bucket: BUCKET,
    ownRoles: new Set([OWN_ROLE]),
    sent,
    ...other,
  };
}

const importKey = (world: ImportWorld, key = KEY) => importLogFile({ bucket: BUCKET, key }, world);
const sorted = (texts: readonly string[]) => [...texts].sort();

describe("a good file", () => {
  const records = Array.from({ length: 1_234 }, (_, i) => recordOf(i));

  test.each([
    ["as CloudTrail packs it", gzipSync(trailOf(...records))],
    ["unpacked", trailOf(...records)],
    ["as JSON lines, packed", gzipSync(records.join("\n"))],
  ])("arrives record by record, %s", async (_, content) => {
    const world = worldOf(content);
    expect(await importKey(world)).toEqual({ outcome: "imported", records: records.length, own: 0 });
    expect(sorted(world.sent)).toEqual(sorted(records));
  });

  test("may be of GitHub's audit-log stream: a record a line", async () => {
    const lines = fixtureNames("github-audit").map((name) =>
      JSON.stringify(JSON.parse(fixtureBody("github-audit", name))),
    );
    const world = worldOf(gzipSync(`${lines.join("\n")}\n`));
    const done = await importKey(world, "2026/11/22/10/05/6d1c8bf0-1111-4a2b-9c3d-000000000001.json.gz");
    expect(done).toEqual({ outcome: "imported", records: lines.length, own: 0 });
    expect(sorted(world.sent)).toEqual(sorted(lines));
  });

  test("may be without a record", async () => {
    expect(await importKey(worldOf(trailOf()))).toEqual({ outcome: "imported", records: 0, own: 0 });
  });

  test("brings the same messages each time, which are then known by their ids", async () => {
    const [first, second] = [worldOf(trailOf(...records)), worldOf(gzipSync(trailOf(...records)))];
    await importKey(first);
    await importKey(second);
    expect(sorted(second.sent)).toEqual(sorted(first.sent));
  });
});

test("what Gatebook's own role signed stays out, and what anybody else signed does not", async () => {
  const callBy = (id: number, userIdentity: object, eventName = "Sign"): string =>
    recordOf(id, { eventSource: "kms.amazonaws.com", eventName, eventCategory: "Management", userIdentity });
  const sessionOf = (arn: string) => ({ type: "AssumedRole", sessionContext: { sessionIssuer: { arn } } });
  const others = [
    callBy(1, sessionOf(`${OWN_ROLE}-not`)),
    callBy(2, { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/ana" }),
    callBy(3, sessionOf(OWN_ROLE), "PutKeyPolicy"),
  ];
  const world = worldOf(trailOf(callBy(0, sessionOf(OWN_ROLE)), ...others));
  expect(await importKey(world)).toEqual({ outcome: "imported", records: 3, own: 1 });
  expect(sorted(world.sent)).toEqual(sorted(others));
});

test("what Gatebook's own roles did with data stays out, and nobody else's", async () => {
  const others = [dataEventBy(`${OWN_ROLE}-not`), recordOf(1)];
  const world = worldOf(trailOf(dataEventBy(OWN_ROLE), ...others));
  expect(await importKey(world)).toEqual({ outcome: "imported", records: 2, own: 1 });
  expect(sorted(world.sent)).toEqual(sorted(others));
});

describe("what is wrong with a file is said, with its place, and what is good in it arrives", () => {
  test("one bad record among good ones", async () => {
    const world = worldOf(gzipSync(trailOf(recordOf(1), '{"a":1}', recordOf(2))));
    const { outcome, ...rest } = await importKey(world);
    expect([outcome, rest]).toEqual([
      "rejected",
      {
        records: 2,
        own: 0,
        reason: expect.stringContaining(`${URI} has a bad record (1, counted from 0): the message is neither`),
      },
    ]);
    expect(world.sent).toEqual([recordOf(1), recordOf(2)]);
  });

  test("several", async () => {
    const world = worldOf(trailOf("null", recordOf(1), '{"a" 1}', "[]", recordOf(2)));
    const done = await importKey(world);
    expect(done).toMatchObject({ outcome: "rejected", records: 2 });
    expect(done).toMatchObject({
      reason: expect.stringMatching(
        /bad record \(0, counted from 0\): it is no JSON object; and 2 more, beginning with: has a bad record \(2, .*its 2 good records are kept\)$/,
      ),
    });
    expect(world.sent).toHaveLength(2);
  });

  test("a file that is cut off", async () => {
    const whole = gzipSync(trailOf(...Array.from({ length: 20_000 }, (_, i) => recordOf(i, { noise: Math.sin(i) }))));
    const world = worldOf(whole.subarray(0, whole.length / 2));
    const done = await importKey(world);
    expect(done).toMatchObject({
      outcome: "rejected",
      reason: expect.stringMatching(/ is damaged gzip \(unexpected end of file\)/),
    });
    expect(world.sent.length).toBeGreaterThan(5_000);
    expect(done).toMatchObject({ records: world.sent.length });
  });

  test.each([
    ["no JSON", "<html>", / is damaged after byte 0: it is neither/],
    ["no Records", '{"rows":[]}', / has a bad record \(0, counted from 0\): the message is neither/],
    ["nothing", "", / is empty/],
    ["a picture", gzipSync(Buffer.from([0x89, 0x50, 0x4e, 0x47])), / is damaged after byte 0/],
  ])("%s", async (_, content, reason) => {
    const world = worldOf(content);
    expect(await importKey(world)).toMatchObject({
      outcome: "rejected",
      records: 0,
      reason: expect.stringMatching(reason),
    });
    expect(world.sent).toEqual([]);
  });

  test("a file of nothing but rubbish is given up before its end", async () => {
    let chunks = 0;
    const open = async () =>
      (async function* () {
        yield Buffer.from('{"Records":[');
        for (; chunks < 1_000; chunks++) yield Buffer.from("{},".repeat(500));
      })();
    const done = await importKey(worldOf("", { open }));
    expect(done).toMatchObject({
      outcome: "rejected",
      reason: expect.stringContaining(`has over ${MAX_BAD_RECORDS} bad records`),
    });
    expect(chunks).toBeLessThan(10);
  });

  test("a file that cannot be read until somebody does something", async () => {
    const open = async () => Promise.reject(new GatebookError("INPUT_INVALID", "is archived: restore it"));
    expect(await importKey(worldOf("", { open }))).toMatchObject({
      outcome: "rejected",
      reason: expect.stringContaining(`${URI} is archived`),
    });
  });

  test("another bucket than the configured one, which is not even opened", async () => {
    const open = () => Promise.reject(new Error("opened"));
    const done = await importLogFile({ bucket: "strangers", key: KEY }, worldOf("", { open }));
    expect(done).toMatchObject({
      outcome: "rejected",
      reason: expect.stringMatching(/^s3:\/\/strangers\/.*sources\.cloudtrailBucket of gatebook\.yml is acme-trail/),
    });
  });
});

test("a digest is left alone without being opened", async () => {
  const open = () => Promise.reject(new Error("opened"));
  const done = await importKey(worldOf("", { open }), KEY.replace("/CloudTrail/", "/CloudTrail-Digest/"));
  expect(done).toEqual({ outcome: "skipped", reason: expect.stringMatching(/ was left alone: it is a digest/) });
});

describe("what may pass is thrown, so that the file comes again", () => {
  const down = new Error("InternalError");

  test("S3 that does not answer", async () => {
    await expect(importKey(worldOf("", { open: () => Promise.reject(down) }))).rejects.toBe(down);
  });

  test("S3 that breaks off", async () => {
    const open = async () =>
      (async function* () {
        yield Buffer.from('{"Records":[');
        throw down;
      })();
    await expect(importKey(worldOf("", { open }))).rejects.toBe(down);
  });

  test("a queue that takes no more, even for a file with bad records", async () => {
    const world = worldOf(trailOf("null", recordOf(1)), { intake: { send: () => Promise.reject(down) } });
    await expect(importKey(world)).rejects.toBe(down);
  });
});

test("a file is read no faster than the queue takes its records", async () => {
  let read = 0;
  let sent = 0;
  const chunk = Buffer.from(Array.from({ length: 100 }, (_, i) => recordOf(i)).join("\n"));
  const open = async () =>
    (async function* () {
      for (; read < 20; read++) {
        // All but the chunk under way has been sent.
        expect(sent).toBe(read * 100);
        yield chunk;
      }
    })();
  const send = async (bodies: readonly string[]) => {
    await new Promise((resolve) => setImmediate(resolve));
    sent += bodies.length;
    return bodies.map(() => "");
  };
  expect(await importKey(worldOf("", { open, intake: { send } }))).toMatchObject({ records: 2_000 });
});
