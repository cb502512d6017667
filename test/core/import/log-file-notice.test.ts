/** Messages that tell of new files in S3, in each form that people wire up, and in forms that nobody should. */
import { describe, expect, test } from "vitest";
import { readLogFileNotice } from "../../../lib/core/import/log-file-notice.ts";

const BUCKET = "acme-org-trail";
const KEY = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/22/a b+c.json.gz";
const FILE = { bucket: BUCKET, key: KEY };

const fromEventBridge = {
  version: "0",
  id: "17793124-05d4-b198-2fde-7ededc63b103",
  "detail-type": "Object Created",
  source: "aws.s3",
  account: "111122223333",
  time: "2026-11-22T10:05:00Z",
  region: "eu-west-1",
  resources: [`arn:aws:s3:::${BUCKET}`],
  detail: {
    version: "0",
    bucket: { name: BUCKET },
    object: { key: KEY, size: 5, etag: "b1946ac92492d2347c6235b4d2611184", sequencer: "00617F08299329D189" },
    "request-id": "N4N7GDK58NMKJ12R",
    requester: "cloudtrail.amazonaws.com",
    reason: "PutObject",
  },
};

const ENCODED = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/22/a+b%2Bc.json.gz";
const fromS3 = (eventName = "ObjectCreated:Put", key = ENCODED) => ({
  Records: [
    {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      eventTime: "2026-11-22T10:05:00Z",
      eventName,
      s3: { s3SchemaVersion: "1.0", bucket: { name: BUCKET, arn: `arn:aws:s3:::${BUCKET}` }, object: { key, size: 5 } },
    },
  ],
});

const fromCloudTrail = { s3Bucket: BUCKET, s3ObjectKey: [KEY] };
const throughSns = (message: unknown, Type: string | undefined = "Notification") => ({
  Type,
  MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
  TopicArn: "arn:aws:sns:eu-west-1:111122223333:trail",
  Message: typeof message === "string" ? message : JSON.stringify(message),
});

const read = (value: unknown) => readLogFileNotice(typeof value === "string" ? value : JSON.stringify(value));

describe("a new file", () => {
  test.each([
    ["EventBridge", fromEventBridge],
    ["S3", fromS3()],
    ["S3 by way of SNS", throughSns(fromS3())],
    ["S3 when an upload in parts is complete", fromS3("ObjectCreated:CompleteMultipartUpload")],
    ["S3 with the event's name in full", fromS3("s3:ObjectCreated:Copy")],
    ["CloudTrail by way of SNS", throughSns(fromCloudTrail)],
    ["CloudTrail, its message delivered raw", fromCloudTrail],
    ["CloudTrail with one key", { s3Bucket: BUCKET, s3ObjectKey: KEY }],
  ])("is told by %s", (_, notice) => expect(read(notice)).toEqual([FILE]));

  test("may come in company", () => {
    const second = `${KEY}.second.json.gz`;
    const both = [FILE, { bucket: BUCKET, key: second }];
    expect(read(throughSns({ s3Bucket: BUCKET, s3ObjectKey: [KEY, second] }))).toEqual(both);
    const { Records } = fromS3("ObjectCreated:Put", encodeURIComponent(second));
    expect(read({ Records: [...fromS3().Records, ...Records] })).toEqual(both);
  });

  test("has its key from EventBridge as it is, and from S3 decoded", () => {
    const key = "100%25+.json";
    const event = { ...fromEventBridge, detail: { ...fromEventBridge.detail, object: { key } } };
    expect(read(event)).toEqual([{ bucket: BUCKET, key }]);
    expect(read(fromS3("ObjectCreated:Put", key))).toEqual([{ bucket: BUCKET, key: "100% .json" }]);
  });
});

test.each([
  ["S3's test message", { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: BUCKET }],
  ["S3's test message by way of SNS", throughSns({ Service: "Amazon S3", Event: "s3:TestEvent" })],
  ["CloudTrail's test message", throughSns("CloudTrail validation message.")],
  ["an object that is gone", fromS3("ObjectRemoved:Delete")],
  ["an object that is gone, by EventBridge", { ...fromEventBridge, "detail-type": "Object Deleted" }],
  ["no object", { Records: [] }],
])("%s tells of no new file", (_, notice) => expect(read(notice)).toEqual([]));

describe("a message is refused", () => {
  const withKey = (key: unknown) => ({ s3Bucket: BUCKET, s3ObjectKey: key });
  test.each([
    ["that is no JSON", "{", /^the message is not JSON/],
    ["that is nothing", "null", /^the message tells of no file in S3/],
    ["that is a list", [fromCloudTrail], /^the message tells of no file in S3/],
    ["that says nothing of S3", {}, /^the message tells of no file in S3/],
    ["that is a CloudTrail file itself", { Records: [{ eventSource: "iam.amazonaws.com" }] }, /^S3's notification/],
    ["whose event has no detail", { source: "aws.s3", "detail-type": "Object Created" }, /detail/],
    ["whose bucket is none", { s3Bucket: "../etc", s3ObjectKey: [KEY] }, /s3Bucket: is no name of a bucket/],
    ["whose bucket is an address", { s3Bucket: "http://169.254.169.254/", s3ObjectKey: [KEY] }, /no name of a bucket/],
    ["whose key is empty", withKey([""]), /s3ObjectKey/],
    ["whose key is a number", withKey([1]), /s3ObjectKey/],
    ["whose key is too long", withKey(["k".repeat(1_025)]), /s3ObjectKey/],
    ["whose key is not URL-encoded", fromS3("ObjectCreated:Put", "%E0%A4%A"), /is not URL-encoded/],
    ["that names more files than anybody sends", withKey(Array(101).fill(KEY)), /names 101 files; 100 is the limit/],
    ["that is nested without end", `{"Message":${"[".repeat(9_000)}${"]".repeat(9_000)}}`, /nested more than 100/],
    ["that holds another from SNS", throughSns(throughSns(fromCloudTrail)), /tells of no file/],
    ["whose inside is no JSON", throughSns("hello"), /^the message from SNS is not JSON/],
    ["whose fields are a prototype's", '{"__proto__":{"s3Bucket":"abc","s3ObjectKey":["k"]}}', /tells of no file/],
    ["that asks to confirm a subscription", throughSns("You have chosen…", "SubscriptionConfirmation"), /SubscribeURL/],
  ])("%s", (_, notice, message) => {
    expect(() => read(notice)).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message: expect.stringMatching(message) }),
    );
  });
});
