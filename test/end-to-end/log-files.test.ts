/** CloudTrail's log files, from "Object Created" of a bucket that is not ours to the log: once each, whatever is wrong beside them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { type Message, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { fixtureBody, fixtureNames } from "../core/sources/fixtures.ts";
import { lengthOf, readHead, waitForEvents, waitUntilIdle } from "./recorded.ts";
import { emptyFolder, outputOf, PATIENCE, type RunningCloud, remove, runInEmptyFolder } from "./running-cloud.ts";
import { nightEvent } from "./story.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const BUCKET = "acme-org-trail";
const BOMB_BYTES = 64 * 1024 * 1024;
const FOLDER = "AWSLogs/o-abcdefghij/111122223333/CloudTrail/eu-west-1/2026/11/24";

/** As CloudTrail writes them: without an envelope, on one line. */
const records = fixtureNames("cloudtrail")
  .map((name) => JSON.parse(fixtureBody("cloudtrail", name)))
  .filter(({ eventID }) => eventID !== undefined)
  .map((record) => JSON.stringify(record));
const trailOf = (some: readonly string[]): Buffer => gzipSync(`{"Records":[${some.join(",")}]}`);

let folder: string;
let running: RunningCloud;
beforeAll(async () => {
  folder = await emptyFolder();
  running = await runInEmptyFolder(await synthesiseWithBucket());
  await running.clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await running.clients.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: BUCKET,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
});
afterAll(async () => {
  await running.close();
  await remove(folder);
});

/** In a folder such as a user's, whose gatebook.yml names the bucket. */
async function synthesiseWithBucket(): Promise<string> {
  const configuration = await readFile(join(ROOT, "gatebook.yml"), "utf8");
  await cp(join(ROOT, "rules"), join(folder, "rules"), { recursive: true });
  await writeFile(
    join(folder, "gatebook.yml"),
    configuration.replace(/^sources:\n/m, `sources:\n  cloudtrailBucket: ${BUCKET}\n`),
  );
  const assembly = join(folder, "cdk.out");
  const env = { ...process.env, CDK_OUTDIR: assembly };
  const child = spawn(process.execPath, [join(ROOT, "bin", "app.ts")], { cwd: folder, env, stdio: "ignore" });
  expect(await once(child, "close")).toEqual([0, null]);
  return assembly;
}

async function put(name: string, Body: Buffer | string, path = FOLDER): Promise<string> {
  const Key = `${path}/${name}`;
  await running.clients.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  return Key;
}

/** What the import said of its files, in order. */
function outcomes(): string[] {
  return running.lines.flatMap(
    (line) => /"outcome":"([a-z]+)"/.exec(line.includes('"log file"') ? line : "")?.[1] ?? [],
  );
}

/** Resolves when the import has looked at so many files and all that it sent is recorded. */
async function waitForImports(count: number): Promise<void> {
  await vi.waitFor(() => expect(outcomes()).toHaveLength(count), PATIENCE);
  await waitUntilIdle(running);
}

async function takeDeadLetter(): Promise<Message> {
  const QueueUrl = outputOf(running, "RejectedLogFileQueueUrl");
  return vi.waitFor(async () => {
    const { Messages: [message] = [] } = await running.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"], VisibilityTimeout: 600 }),
    );
    if (message === undefined) throw new Error("the dead-letter queue is empty");
    return message;
  }, PATIENCE);
}

async function notify(body: string): Promise<void> {
  const QueueUrl = outputOf(running, "LogFileQueueUrl");
  await running.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
}

test("each record of a log file is an entry of the log", async () => {
  await put("first.json.gz", trailOf(records));
  const indexed = await waitForEvents(running, records.length);
  expect(indexed.map(({ event }) => event).sort()).toEqual(records.map((text) => JSON.parse(text).eventID).sort());
  expect(outcomes()).toEqual(["imported"]);
});

test("the same file again is nothing new, told by EventBridge or by the trail's SNS topic", async () => {
  const Key = await put("first.json.gz", trailOf(records));
  await waitForImports(2);
  await notify(
    JSON.stringify({ Type: "Notification", Message: JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey: [Key] }) }),
  );
  await waitForImports(3);
  expect(outcomes()).toEqual(["imported", "imported", "imported"]);
  expect(await readHead(running)).toMatchObject({ size: records.length });
});

test("an event that EventBridge delivers too is one entry", async () => {
  const event = nightEvent();
  expect(records.map((text) => JSON.parse(text).eventID)).toContain(event.detail.eventID);
  const before = recordedLines().length;
  await putRecordedEvents(running.cloud.url, [event]);
  await vi.waitFor(() => expect(recordedLines().length).toBeGreaterThan(before), PATIENCE);
  expect(JSON.parse(recordedLines().at(-1) ?? "")).toMatchObject({ recorded: 0, duplicates: 1 });
  expect(await readHead(running)).toMatchObject({ size: records.length });
});

function recordedLines(): string[] {
  return running.lines.filter((line) => line.includes('"duplicates":'));
}

test("digests are not even announced", async () => {
  await put("digest.json.gz", gzipSync("{}"), FOLDER.replace("/CloudTrail/", "/CloudTrail-Digest/"));
  // What comes after it is seen.
  await put("empty.json.gz", trailOf([]));
  await waitForImports(4);
  expect(outcomes().at(-1)).toBe("imported");
  expect(await lengthOf(running, outputOf(running, "RejectedLogFileQueueUrl"))).toBe(0);
});

test("of a file with a bad record the good ones are kept, and the file waits in the dead letters with the reason", async () => {
  const fresh = JSON.stringify({ ...JSON.parse(records[0] ?? ""), eventID: "00000000-0000-4000-8000-00000000000a" });
  const Key = await put("bad-record.json.gz", trailOf([records[1] ?? "", '{"not":"an event"}', fresh]));
  await waitForEvents(running, records.length + 1);
  const letter = await takeDeadLetter();
  expect(letter.MessageAttributes?.["reason"]?.StringValue).toMatch(
    new RegExp(
      `^s3://${BUCKET}/${Key} has a bad record \\(1, counted from 0\\): the message is neither .*its 2 good records are kept`,
    ),
  );

  // Mended, and the message sent again, as the runbook says.
  await running.clients.s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket: BUCKET, NotificationConfiguration: {} }),
  );
  const second = JSON.stringify({ ...JSON.parse(fresh), eventID: "00000000-0000-4000-8000-00000000000b" });
  await put("bad-record.json.gz", trailOf([records[1] ?? "", second, fresh]));
  await notify(letter.Body ?? "");
  await waitForEvents(running, records.length + 2);
  expect(outcomes().slice(-2)).toEqual(["rejected", "imported"]);
});

test("what is no log file waits in the dead letters with its reason", async () => {
  const head = await readHead(running);
  const poison: readonly (readonly [name: string, body: Buffer | string, reason: RegExp])[] = [
    ["html.json.gz", gzipSync("<html>hunter2</html>"), / is damaged after byte 0: it is neither CloudTrail's/],
    ["no-records.json", '{"rows":[]}', / has a bad record \(0, counted from 0\): the message is neither/],
    ["cut.json.gz", trailOf(records).subarray(0, 200), / is damaged gzip \(unexpected end of file\)/],
    [
      "bomb.json.gz",
      gzipSync(`{"Records":[{"a":[${"1,".repeat(BOMB_BYTES / 2)}`),
      / unfolds to more than 250 times its size/,
    ],
  ];
  for (const [name, body, reason] of poison) {
    const key = await put(name, body);
    await notify(JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey: [key] }));
    expect((await takeDeadLetter()).MessageAttributes?.["reason"]?.StringValue).toMatch(reason);
  }
  expect(running.lines.join("\n")).not.toContain("hunter2");
  await waitUntilIdle(running);
  expect((await readHead(running))?.size).toBe(head?.size);
});

test("the alarm says what to do, while one waits", async () => {
  await notify("{}");
  await vi.waitFor(() => {
    const descriptions = running.alarms.map(({ description }) => description);
    expect(descriptions).toContainEqual(expect.stringMatching(/#log-files-that-could-not-be-imported$/));
  }, PATIENCE);
  await takeDeadLetter();
});

test("a file that cannot be read, one of another bucket, and a message that is none are put aside with what to do", async () => {
  const key = `${FOLDER}/missing.json.gz`;
  const notices: readonly (readonly [body: string, reason: RegExp])[] = [
    [
      JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey: [key] }),
      /missing\.json\.gz (is not there any more|cannot be read): /,
    ],
    [
      JSON.stringify({ s3Bucket: outputOf(running, "EvidenceBucket"), s3ObjectKey: ["x.json"] }),
      /no other bucket is imported/,
    ],
    ['{"hello":"world"}', /^the message tells of no file in S3/],
  ];
  for (const [body, reason] of notices) {
    await notify(body);
    const letter = await takeDeadLetter();
    expect(letter.MessageAttributes?.["reason"]?.StringValue).toMatch(reason);
    expect(JSON.parse(letter.Body ?? "")).toEqual(JSON.parse(body));
  }
});
