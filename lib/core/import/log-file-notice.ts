/** What tells of a new log file: EventBridge's "Object Created", S3's own notification, CloudTrail's, and the latter two through SNS. */
import * as z from "zod";
import { GatebookError } from "../errors.ts";
import { read } from "../sources/fields.ts";
import { isObject, type JsonObject, parseJson } from "../sources/json.ts";
import type { LogFile } from "./log-file.ts";

/** CloudTrail names a few files in one message, S3 one. */
const MAX_FILES = 100;
/** S3: bytes of a key. */
const MAX_KEY_BYTES = 1_024;

const Bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is no name of a bucket");
const Key = z
  .string()
  .min(1)
  .refine((key) => Buffer.byteLength(key) <= MAX_KEY_BYTES, `is longer than ${MAX_KEY_BYTES} bytes`);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const ObjectCreated = z.object({
  detail: z.object({ bucket: z.object({ name: Bucket }), object: z.object({ key: Key }) }),
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html: keys are URL-encoded. */
const S3Records = z.array(z.object({ eventSource: z.literal("aws:s3"), eventName: z.string(), s3: z.unknown() }));
const S3Entity = z.object({
  bucket: z.object({ name: Bucket }),
  object: z.object({ key: z.string().transform(decodeKey).pipe(Key) }),
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html */
const CloudTrailNotice = z.object({
  s3Bucket: Bucket,
  s3ObjectKey: z.union([z.array(Key), Key.transform((key) => [key])]),
});
const CLOUDTRAIL_TEST = "CloudTrail validation message.";

/**
 * @returns the files that the message tells of: none for a test message, or one of objects that are gone
 * @throws GatebookError `INPUT_INVALID` for anything else
 */
export function readLogFileNotice(body: string): LogFile[] {
  const value = parseJson(body, "the message");
  const files = isObject(value) && typeof value["Message"] === "string" ? readSns(value) : readNotice(value);
  if (files.length <= MAX_FILES) return files;
  throw new GatebookError("INPUT_INVALID", `the message names ${files.length} files; ${MAX_FILES} is the limit`);
}

function readSns({ Type, Message }: JsonObject): LogFile[] {
  if (Type === "SubscriptionConfirmation") {
    throw new GatebookError(
      "INPUT_INVALID",
      "the message asks to confirm a subscription to an SNS topic: open the SubscribeURL in it if the topic is yours",
    );
  }
  return Message === CLOUDTRAIL_TEST ? [] : readNotice(parseJson(String(Message), "the message from SNS"));
}

function readNotice(value: unknown): LogFile[] {
  if (isObject(value)) {
    if (value["source"] === "aws.s3") return readEvent(value);
    if (Array.isArray(value["Records"])) return readS3Records(value["Records"]);
    if (value["Event"] === "s3:TestEvent") return [];
    if ("s3ObjectKey" in value) {
      const { s3Bucket, s3ObjectKey } = read(CloudTrailNotice, value, "CloudTrail's message");
      return s3ObjectKey.map((key) => ({ bucket: s3Bucket, key }));
    }
  }
  throw new GatebookError(
    "INPUT_INVALID",
    "the message tells of no file in S3: it is neither EventBridge's (source: aws.s3), nor S3's (Records), nor CloudTrail's (s3ObjectKey)",
  );
}

function readEvent(event: JsonObject): LogFile[] {
  if (event["detail-type"] !== "Object Created") return [];
  const { bucket, object } = read(ObjectCreated, event, "the S3 event").detail;
  return [{ bucket: bucket.name, key: object.key }];
}

function readS3Records(records: readonly unknown[]): LogFile[] {
  return read(S3Records, records, "S3's notification")
    .filter(({ eventName }) => eventName.replace(/^s3:/, "").startsWith("ObjectCreated:"))
    .map(({ s3 }) => {
      const { bucket, object } = read(S3Entity, s3, "S3's notification");
      return { bucket: bucket.name, key: object.key };
    });
}

/** As HTML forms do: a space is a plus. */
function decodeKey(encoded: string, context: z.RefinementCtx): string {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    context.addIssue({ code: "custom", message: "is not URL-encoded" });
    return z.NEVER;
  }
}
