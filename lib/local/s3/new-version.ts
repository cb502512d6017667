/** What a PutObject or CopyObject request says about the version that it makes. */
import type { BucketState } from "./bucket-state.ts";
import { encryptionBy, encryptionByDefault } from "./encryption.ts";
import { assertFuture, parseLegalHold, parseRetention, retentionByDefault } from "./object-lock.ts";
import { s3Error } from "./s3-error.ts";
import type { Version } from "./version.ts";

type Headers = Readonly<Record<string, string>>;

const KEPT_HEADERS = ["cache-control", "content-disposition", "content-language", "content-type", "expires"];
const METADATA_PREFIX = "x-amz-meta-";
const MAX_METADATA_BYTES = 2048;
const STORAGE_CLASSES =
  "STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER_IR GLACIER DEEP_ARCHIVE".split(" ");

/** Standard headers to give back as they came. */
export function keptHeaders(headers: Headers): Headers {
  const kept = KEPT_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]));
  const encodings = (headers["content-encoding"] ?? "").split(",").map((each) => each.trim());
  // aws-chunked is how the body travelled, not how it is encoded.
  const encoding = encodings.filter((each) => each !== "" && each !== "aws-chunked").join(",");
  return {
    "content-type": "binary/octet-stream",
    ...Object.fromEntries(kept),
    ...(encoding && { "content-encoding": encoding }),
  };
}

export function metadataOf(headers: Headers): Headers {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith(METADATA_PREFIX));
  const bytes = metadata.reduce((sum, [name, value]) => sum + name.length - METADATA_PREFIX.length + value.length, 0);
  if (bytes > MAX_METADATA_BYTES) {
    throw s3Error("MetadataTooLarge");
  }
  return Object.fromEntries(metadata.map(([name, value]) => [name.slice(METADATA_PREFIX.length), value]));
}

export function storageClassOf(headers: Headers): string {
  const asked = headers["x-amz-storage-class"] ?? "STANDARD";
  if (!STORAGE_CLASSES.includes(asked)) {
    throw s3Error("InvalidStorageClass");
  }
  return asked;
}

/** How the version is said to be encrypted: by its own headers, else as the bucket says. */
export function encryptionOf(headers: Headers, state: BucketState): NonNullable<Version["encryption"]> {
  const algorithm = headers["x-amz-server-side-encryption"];
  if (algorithm === undefined) {
    return encryptionByDefault(state.documents.encryption);
  }
  return encryptionBy(algorithm, headers["x-amz-server-side-encryption-aws-kms-key-id"]);
}

/** An explicit lock overrides the bucket's default, and needs Object Lock to be on. */
export function lockOf(headers: Headers, state: BucketState, now: number): Pick<Version, "retention" | "legalHold"> {
  const explicit = parseRetention(headers["x-amz-object-lock-mode"], headers["x-amz-object-lock-retain-until-date"]);
  const legalHold = parseLegalHold(headers["x-amz-object-lock-legal-hold"]);
  if ((explicit !== undefined || legalHold !== undefined) && state.objectLock === undefined) {
    throw s3Error("InvalidRequest", "Bucket is missing Object Lock Configuration");
  }
  if (explicit !== undefined) {
    assertFuture(explicit, now);
  }
  const retention = explicit ?? retentionByDefault(state.objectLock?.defaultRetention, now);
  return { ...(retention && { retention }), ...(legalHold && { legalHold }) };
}

/** Headers that describe a version, in replies to both writes and reads. */
export function encryptionHeaders({ encryption }: Version): Headers {
  return {
    ...(encryption && { "x-amz-server-side-encryption": encryption.algorithm }),
    ...(encryption?.keyId !== undefined && { "x-amz-server-side-encryption-aws-kms-key-id": encryption.keyId }),
  };
}

export function checksumHeaders({ checksum }: Version): Headers {
  return checksum === undefined
    ? {}
    : { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, "x-amz-checksum-type": "FULL_OBJECT" };
}
