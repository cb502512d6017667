/** Buckets that notify EventBridge, over AWS's SDK: their configuration, and what they tell of each change. */
import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ServiceEvent } from "../../../lib/local/services/event-bridge/event.ts";
import { DAY_MS, failure, type S3Server, START_TIME, startS3 } from "./s3-server.ts";

let server: S3Server;
let count = 0;
let Bucket: string;
let isDown = false;
const events: ServiceEvent[] = [];
const faults: unknown[] = [];

beforeAll(async () => {
  server = await startS3({
    async deliver(event) {
      if (isDown) throw new Error("no target was reached");
      events.push(event);
    },
    onFault: (error) => faults.push(error),
  });
});
afterAll(() => server.close());
beforeEach(async () => {
  Bucket = `noticed-${count++}`;
  isDown = false;
  events.length = 0;
  faults.length = 0;
  server.time = START_TIME;
  await server.client.send(new s3.CreateBucketCommand({ Bucket }));
});

const notify = (NotificationConfiguration: s3.NotificationConfiguration = { EventBridgeConfiguration: {} }) =>
  server.client.send(new s3.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
const version = () =>
  server.client.send(
    new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" as const } }),
  );
const put = (Key: string, input: Partial<s3.PutObjectCommandInput> = {}) =>
  server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body: "hello", ...input }));
const idOf = (id: string | undefined): object => (id === undefined ? {} : { "version-id": id });
const told = (): unknown[] =>
  events.map(({ detailType, detail }) => [detailType, detail["reason"], detail["deletion-type"]]);

describe("a notification configuration", () => {
  test("is empty at first, is given back as it was put, and survives a restart", async () => {
    const get = () => server.client.send(new s3.GetBucketNotificationConfigurationCommand({ Bucket }));
    expect((await get()).EventBridgeConfiguration).toBeUndefined();
    await notify();
    expect((await get()).EventBridgeConfiguration).toEqual({});
    await server.restart();
    await put("k");
    expect(told()).toEqual([["Object Created", "PutObject", undefined]]);
    await notify({});
    expect((await get()).EventBridgeConfiguration).toBeUndefined();
    await put("k");
    expect(events).toHaveLength(1);
  });

  test("for another destination is refused, with what to do instead", async () => {
    const QueueArn = "arn:aws:sqs:eu-west-1:000000000000:queue";
    const refused = notify({ QueueConfigurations: [{ QueueArn, Events: ["s3:ObjectCreated:*"] }] });
    await expect(refused).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining("put an EventBridgeConfiguration and a rule for the source aws.s3"),
    });
    await put("k");
    expect(events).toEqual([]);
  });

  test.each([
    ["", "MalformedXML"],
    ["not XML", "MalformedXML"],
    ["<NotificationConfiguration>", "MalformedXML"],
    ["<EventBridgeConfiguration/>", "MalformedXML"],
    ["<NotificationConfiguration><EventBridgeConfiguration/><EventBridgeConfiguration/>", "MalformedXML"],
    [
      "<NotificationConfiguration><EventBridgeConfiguration/><EventBridgeConfiguration/></NotificationConfiguration>",
      "MalformedXML",
    ],
    [
      "<NotificationConfiguration><EventBridgeConfiguration><No/></EventBridgeConfiguration></NotificationConfiguration>",
      "NotImplemented",
    ],
    [
      "<!DOCTYPE x [<!ENTITY e 'x'>]><NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>",
      "MalformedXML",
    ],
  ])("that is %j is %s, and changes nothing", async (body, code) => {
    const reply = await fetch(`${server.url}/${Bucket}?notification`, { method: "PUT", body });
    expect(await reply.text()).toContain(`<Code>${code}</Code>`);
    await put("k");
    expect(events).toEqual([]);
  });
});

describe("an event", () => {
  test("has the form that S3 documents", async () => {
    await notify();
    await version();
    const { VersionId, $metadata } = await put("AWSLogs/1/CloudTrail/a b.json.gz");
    expect(events).toEqual([
      {
        source: "aws.s3",
        detailType: "Object Created",
        at: START_TIME,
        resources: [`arn:aws:s3:::${Bucket}`],
        detail: {
          version: "0",
          "event-version": "1.0",
          bucket: { name: Bucket },
          object: {
            key: "AWSLogs/1/CloudTrail/a b.json.gz",
            size: 5,
            etag: "5d41402abc4b2a76b9719d911017c592",
            "version-id": VersionId,
            sequencer: expect.stringMatching(/^[0-9A-F]{16}$/),
          },
          "request-id": $metadata.requestId,
          requester: "000000000000",
          "source-ip-address": "127.0.0.1",
          reason: "PutObject",
        },
      },
    ]);
  });

  test("carries a key as it is, whatever is in it", async () => {
    await notify();
    const keys = ["a\u0000b", "<&>\"'", "../../x", "%2e%2e%2f", "日本語 🚀", "__proto__"];
    for (const key of keys) await put(key);
    expect(events.map(({ detail }) => detail["object"])).toMatchObject(keys.map((key) => ({ key })));
  });

  test("tells a copy from a put, and a marker from what is gone for good", async () => {
    await notify();
    await version();
    const { VersionId } = await put("from");
    await server.client.send(new s3.CopyObjectCommand({ Bucket, Key: "to", CopySource: `${Bucket}/from` }));
    const marker = await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "from" }));
    await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "from", VersionId }));
    await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "from", VersionId: marker.VersionId }));
    await server.client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "to" }] } }));
    expect(told()).toEqual([
      ["Object Created", "PutObject", undefined],
      ["Object Created", "CopyObject", undefined],
      ["Object Deleted", "DeleteObject", "Delete Marker Created"],
      ["Object Deleted", "DeleteObject", "Permanently Deleted"],
      ["Object Deleted", "DeleteObject", "Permanently Deleted"],
      ["Object Deleted", "DeleteObject", "Delete Marker Created"],
    ]);
    const sequencer = expect.any(String);
    expect(events[2]?.detail["object"]).toEqual({
      key: "from",
      etag: "d41d8cd98f00b204e9800998ecf8427e",
      "version-id": marker.VersionId,
      sequencer,
    });
    expect(events[3]?.detail["object"]).toMatchObject({ key: "from", "version-id": VersionId });
    expect(events[4]?.detail["object"]).toMatchObject({ key: "from", "version-id": marker.VersionId });
  });

  test("has no version without versions, and there is none where nothing changed", async () => {
    await notify();
    await put("k");
    expect(await failure(put("k", { IfNoneMatch: "*" }))).toMatchObject({ name: "PreconditionFailed" });
    await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "never there" }));
    await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(told()).toEqual([
      ["Object Created", "PutObject", undefined],
      ["Object Deleted", "DeleteObject", "Permanently Deleted"],
    ]);
    for (const { detail } of events) expect(detail["object"]).not.toHaveProperty("version-id");
  });

  test.each([
    ["without versions", "Permanently Deleted"],
    ["with versions", "Delete Marker Created"],
  ])("of a lifecycle rule is S3's own doing: %s, %s", async (kind, deletion) => {
    await notify();
    if (kind === "with versions") await version();
    const { VersionId } = await put("old");
    await server.client.send(
      new s3.PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: [{ Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } }] },
      }),
    );
    await server.service.sweep(START_TIME + 3 * DAY_MS);
    expect(told().slice(1)).toEqual([["Object Deleted", "Lifecycle Expiration", deletion]]);
    expect(events[1]?.detail).toMatchObject({ requester: "s3.amazonaws.com" });
    expect(events[1]?.detail).not.toHaveProperty("source-ip-address");
    const { Versions, DeleteMarkers } = await server.client.send(new s3.ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map((each) => each.VersionId)).toEqual(VersionId && [VersionId]);
    expect(events[1]?.detail["object"]).toMatchObject({ key: "old", ...idOf(DeleteMarkers?.[0]?.VersionId) });
  });

  test("of a key has the greatest sequencer for what the key holds in the end", async () => {
    await notify();
    await version();
    await Promise.all(Array.from({ length: 20 }, (_, index) => put("k", { Body: `${index}` })));
    const objects = events.map(({ detail }) => detail["object"] as { sequencer: string; "version-id": string });
    const last = objects.toSorted((one, other) => (one.sequencer < other.sequencer ? -1 : 1)).at(-1);
    const { VersionId } = await server.client.send(new s3.HeadObjectCommand({ Bucket, Key: "k" }));
    expect(last?.["version-id"]).toBe(VersionId);
    expect(new Set(objects.map(({ sequencer }) => sequencer)).size).toBe(20);
  });

  test("that cannot be delivered fails no put, and the operator hears of it", async () => {
    await notify();
    isDown = true;
    await put("k");
    isDown = false;
    const { Body } = await server.client.send(new s3.GetObjectCommand({ Bucket, Key: "k" }));
    expect(await Body?.transformToString()).toBe("hello");
    expect(faults).toEqual([
      expect.objectContaining({
        message: `The event of PutObject of ${Bucket}/k was not delivered; the object is as it was put`,
        cause: expect.objectContaining({ message: "no target was reached" }),
      }),
    ]);
  });
});
