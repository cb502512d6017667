/** What can be changed of a version after it was written: its retention, its legal hold and its tags; never its bytes. */
import type { AwsReply } from "../aws-service.ts";
import type { Bucket } from "./bucket.ts";
import { assertRetentionChange, parseLegalHold, parseRetention } from "./object-lock.ts";
import {
  bypassesGovernance,
  emptyReply,
  findObject,
  type S3Call,
  versionHeader,
  type World,
  xmlReply,
} from "./operation.ts";
import { s3Error } from "./s3-error.ts";
import { tagsOfXml } from "./tags.ts";
import type { Version } from "./version.ts";
import { allowOnly, parseXml, textOf } from "./xml-parse.ts";

export async function putRetention({ store, now }: World, call: S3Call): Promise<AwsReply> {
  const bucket = lockedBucket(store.bucket(call.bucket));
  const root = parseXml(call.body, "Retention");
  allowOnly(root, ["Mode", "RetainUntilDate"]);
  const retention = parseRetention(textOf(root, "Mode"), textOf(root, "RetainUntilDate"));
  await change(bucket, call, (version) => {
    assertRetentionChange(version.retention, retention, now(), bypassesGovernance(call.headers));
    return { retention };
  });
  return emptyReply(200);
}

export async function getRetention({ store }: World, call: S3Call): Promise<AwsReply> {
  const { retention } = findObject(lockedBucket(store.bucket(call.bucket)), call);
  if (retention === undefined) {
    throw s3Error("NoSuchObjectLockConfiguration");
  }
  return xmlReply("Retention", { Mode: retention.mode, RetainUntilDate: new Date(retention.until).toISOString() });
}

export async function putLegalHold({ store }: World, call: S3Call): Promise<AwsReply> {
  const bucket = lockedBucket(store.bucket(call.bucket));
  const root = parseXml(call.body, "LegalHold");
  allowOnly(root, ["Status"]);
  const legalHold = parseLegalHold(textOf(root, "Status"));
  if (legalHold === undefined) {
    throw s3Error("MalformedXML");
  }
  await change(bucket, call, () => ({ legalHold }));
  return emptyReply(200);
}

export async function getLegalHold({ store }: World, call: S3Call): Promise<AwsReply> {
  const { legalHold } = findObject(lockedBucket(store.bucket(call.bucket)), call);
  if (legalHold === undefined) {
    throw s3Error("NoSuchObjectLockConfiguration");
  }
  return xmlReply("LegalHold", { Status: legalHold });
}

export async function putTagging({ store }: World, call: S3Call): Promise<AwsReply> {
  const bucket = store.bucket(call.bucket);
  const tags = tagsOfXml(call.body);
  const version = await change(bucket, call, () => ({ tags }));
  return emptyReply(200, versionHeader(bucket, version));
}

export async function getTagging({ store }: World, call: S3Call): Promise<AwsReply> {
  const bucket = store.bucket(call.bucket);
  const version = findObject(bucket, call);
  const tags = Object.entries(version.tags).map(([Key, Value]) => ({ Key, Value }));
  return xmlReply("Tagging", { TagSet: { Tag: tags } }, versionHeader(bucket, version));
}

export async function deleteTagging({ store }: World, call: S3Call): Promise<AwsReply> {
  const bucket = store.bucket(call.bucket);
  const version = await change(bucket, call, () => ({ tags: {} }));
  return emptyReply(204, versionHeader(bucket, version));
}

/** Reads the version and stores the change in one turn: two changes of a lock cannot both be judged by its old state. */
async function change(bucket: Bucket, call: S3Call, decide: (version: Version) => Partial<Version>): Promise<Version> {
  return bucket.turns.take(call.key, async () => {
    const version = findObject(bucket, call);
    return bucket.change(version, decide(version));
  });
}

function lockedBucket(bucket: Bucket): Bucket {
  if (bucket.state.objectLock === undefined) {
    throw s3Error("InvalidRequest", "Bucket is missing Object Lock Configuration");
  }
  return bucket;
}
