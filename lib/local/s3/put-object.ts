/** PutObject and CopyObject: each makes a new version and touches none that is there. */
import { hash } from "node:crypto";
import type { AwsReply } from "../aws-service.ts";
import { parseCopySource } from "./address.ts";
import type { Bucket } from "./bucket.ts";
import { assertCopyConditions, assertWriteConditions } from "./conditions.ts";
import { checksumOf, sentChecksum } from "./integrity.ts";
import * as incoming from "./new-version.ts";
import { emptyReply, findVersion, type S3Call, versionHeader, type World, xmlReply } from "./operation.ts";
import { s3Error } from "./s3-error.ts";
import { tagsOfHeader } from "./tags.ts";
import { type Draft, etagOf, type Version, versionIdOf } from "./version.ts";

/** What is asked of a copy by its headers; the rest comes from its source. */
const CHANGES_OF_A_COPY = ["x-amz-storage-class", "x-amz-server-side-encryption"];

export async function putObject({ store, now, notify }: World, call: S3Call): Promise<AwsReply> {
  const bucket = store.bucket(call.bucket);
  const { headers, body } = call;
  const sent = sentChecksum(headers);
  const content: Content = {
    headers: incoming.keptHeaders(headers),
    metadata: incoming.metadataOf(headers),
    tags: tagsOfHeader(headers["x-amz-tagging"]),
    checksum: sent ?? checksumOf(body),
  };
  const version = await write(bucket, call, content, body, now, (draft) => {
    const isLocked = draft.retention !== undefined || draft.legalHold !== undefined;
    if (isLocked && sent === undefined && headers["content-md5"] === undefined) {
      throw s3Error(
        "InvalidRequest",
        "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
      );
    }
  });
  await notify(bucket, { reason: "PutObject", version, requestId: call.requestId });
  return emptyReply(200, {
    etag: etagOf(version),
    ...versionHeader(bucket, version),
    ...incoming.checksumHeaders(version),
    ...incoming.encryptionHeaders(version),
  });
}

export async function copyObject({ store, now, notify }: World, call: S3Call): Promise<AwsReply> {
  const { headers } = call;
  const from = parseCopySource(headers["x-amz-copy-source"] ?? "");
  const sourceBucket = store.bucket(from.bucket);
  const source = findVersion(sourceBucket, from.key, from.versionId);
  if (source.isDeleteMarker) {
    throw from.versionId === undefined
      ? s3Error("NoSuchKey")
      : s3Error("InvalidRequest", "The source of a copy request may not specifically refer to a delete marker.");
  }
  assertCopyConditions(headers, source);
  assertReadable(source);
  assertChange(call, from);
  const body = await sourceBucket.read(source);
  const algorithm = headers["x-amz-checksum-algorithm"]?.toLowerCase() ?? source.checksum?.algorithm;
  const content: Content = {
    ...(isReplaced(headers, "metadata")
      ? { headers: incoming.keptHeaders(headers), metadata: incoming.metadataOf(headers) }
      : { headers: source.headers, metadata: source.metadata }),
    tags: isReplaced(headers, "tagging") ? tagsOfHeader(headers["x-amz-tagging"]) : source.tags,
    checksum: checksumOf(body, algorithm),
  };
  const bucket = store.bucket(call.bucket);
  const version = await write(bucket, call, content, body, now, () => undefined);
  await notify(bucket, { reason: "CopyObject", version, requestId: call.requestId });
  const { checksum } = version;
  return xmlReply(
    "CopyObjectResult",
    {
      LastModified: new Date(version.lastModified).toISOString(),
      ETag: etagOf(version),
      ...(checksum && { [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value, ChecksumType: "FULL_OBJECT" }),
    },
    {
      ...versionHeader(bucket, version),
      ...(sourceBucket.state.versioning && { "x-amz-copy-source-version-id": versionIdOf(source) }),
      ...incoming.encryptionHeaders(version),
    },
  );
}

/** What comes with the bytes, from the request or from a copy's source. */
type Content = Pick<Draft, "headers" | "metadata" | "tags" | "checksum">;

async function write(
  bucket: Bucket,
  call: S3Call,
  content: Content,
  body: Buffer,
  now: () => number,
  check: (draft: Draft) => void,
): Promise<Version> {
  const md5 = hash("md5", body);
  // Conditions are read and the version added in one turn: of concurrent puts with If-None-Match: * one wins.
  return bucket.turns.take(call.key, async () => {
    const at = now();
    const draft: Draft = {
      key: call.key,
      isDeleteMarker: false,
      size: body.length,
      md5,
      storageClass: incoming.storageClassOf(call.headers),
      encryption: incoming.encryptionOf(call.headers, bucket.state),
      ...content,
      ...incoming.lockOf(call.headers, bucket.state, at),
    };
    check(draft);
    assertWriteConditions(call.headers, bucket.index.versionsOf(call.key)[0]);
    return bucket.add(draft, body, at);
  });
}

/** Archived versions have to be restored before they can be read, and restoring is not implemented. */
export function assertReadable(version: Version): void {
  if (version.storageClass === "GLACIER" || version.storageClass === "DEEP_ARCHIVE") {
    throw s3Error("InvalidObjectState");
  }
}

function isReplaced(headers: S3Call["headers"], what: "metadata" | "tagging"): boolean {
  const directive = headers[`x-amz-${what}-directive`] ?? "COPY";
  if (directive !== "COPY" && directive !== "REPLACE") {
    throw s3Error("InvalidArgument", `Unknown ${what} directive.`);
  }
  return directive === "REPLACE";
}

function assertChange(call: S3Call, from: ReturnType<typeof parseCopySource>): void {
  const isItself = from.bucket === call.bucket && from.key === call.key && from.versionId === undefined;
  const changes = CHANGES_OF_A_COPY.some((name) => call.headers[name] !== undefined);
  if (isItself && !changes && !isReplaced(call.headers, "metadata") && !isReplaced(call.headers, "tagging")) {
    throw s3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
}
