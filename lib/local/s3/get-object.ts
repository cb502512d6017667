/** GetObject and HeadObject. */
import type { AwsReply } from "../aws-service.ts";
import type { Bucket } from "./bucket.ts";
import { parseRange } from "./byte-range.ts";
import { readOutcome } from "./conditions.ts";
import { checksumHeaders, encryptionHeaders } from "./new-version.ts";
import { findVersion, type S3Call, versionHeader, type World } from "./operation.ts";
import { assertReadable } from "./put-object.ts";
import { s3Error, s3ErrorReply } from "./s3-error.ts";
import { etagOf, type Version, versionIdOf } from "./version.ts";

type Headers = Readonly<Record<string, string>>;

/** Query parameters by which a reader asks for other headers, as presigned downloads do. */
const OVERRIDES = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];

export async function getObject({ store }: World, call: S3Call): Promise<AwsReply> {
  const bucket = store.bucket(call.bucket);
  const version = findVersion(bucket, call.key, call.query.get("versionId") ?? undefined);
  if (version.isDeleteMarker) {
    return deleteMarkerReply(call, version);
  }
  const described = { etag: etagOf(version), ...versionHeader(bucket, version), ...dates(version) };
  if (readOutcome(call.headers, version) === "unchanged") {
    return { status: 304, headers: described, body: "" };
  }
  const range = parseRange(call.headers["range"], version.size);
  const start = range?.start ?? 0;
  const length = range === undefined ? version.size : range.end - start + 1;
  const wantsChecksum = call.headers["x-amz-checksum-mode"] === "ENABLED" && range === undefined;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...described,
      ...version.headers,
      ...overrides(call.query),
      "accept-ranges": "bytes",
      "content-length": String(length),
      ...(range && { "content-range": `bytes ${start}-${range.end}/${version.size}` }),
      ...propertyHeaders(version),
      ...(wantsChecksum && checksumHeaders(version)),
    },
    body: call.method === "HEAD" ? "" : await readBytes(bucket, version, start, length),
  };
}

async function readBytes(bucket: Bucket, version: Version, start: number, length: number): Promise<Buffer> {
  assertReadable(version);
  try {
    return await bucket.read(version, start, length);
  } catch (error) {
    // Deleted or overwritten since it was found: as if this request had come a moment later.
    if (bucket.index.versionsOf(version.key).some((each) => each.id === version.id)) {
      throw error;
    }
    throw s3Error("NoSuchKey");
  }
}

function propertyHeaders(version: Version): Headers {
  const { retention, legalHold, storageClass, tags, metadata } = version;
  const tagCount = Object.keys(tags).length;
  return {
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    ...encryptionHeaders(version),
    ...(storageClass !== "STANDARD" && { "x-amz-storage-class": storageClass }),
    ...(tagCount > 0 && { "x-amz-tagging-count": String(tagCount) }),
    ...(legalHold && { "x-amz-object-lock-legal-hold": legalHold }),
    ...(retention && {
      "x-amz-object-lock-mode": retention.mode,
      "x-amz-object-lock-retain-until-date": new Date(retention.until).toISOString(),
    }),
  };
}

function overrides(query: URLSearchParams): Headers {
  return Object.fromEntries(
    OVERRIDES.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null ? [] : [[name, value]];
    }),
  );
}

function dates(version: Version): Headers {
  return { "last-modified": new Date(version.lastModified).toUTCString() };
}

function deleteMarkerReply(call: S3Call, marker: Version): AwsReply {
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": versionIdOf(marker) };
  return call.query.has("versionId")
    ? s3ErrorReply(s3Error("MethodNotAllowed"), call, { ...headers, ...dates(marker), allow: "DELETE" })
    : s3ErrorReply(s3Error("NoSuchKey"), call, headers);
}
