/** Which bucket and key a path-style request is about, and what IAM calls them. */
import { s3Error } from "./s3-error.ts";

export interface Address {
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for the bucket itself. Any text: keys never become file names. */
  readonly key: string;
}

const MAX_KEY_BYTES = 1024;
const BUCKET_NAME = /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Takes the path as sent: resolving ".." or "//" in it would address another key. */
export function parseAddress(path: string): Address {
  const [, bucket = "", key = ""] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  return checkAddress({ bucket: decode(bucket), key: decode(key) });
}

/** `bucket/key?versionId=…` of x-amz-copy-source, with or without a leading slash. */
export function parseCopySource(source: string): Address & { readonly versionId?: string } {
  const [, path = "", versionId] = /^\/?(.*?)(?:\?versionId=([^?&]*))?$/s.exec(source) ?? [];
  const address = parseAddress(`/${path}`);
  if (address.bucket === "" || address.key === "") {
    throw s3Error("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }
  return versionId === undefined ? address : { ...address, versionId: decode(versionId) };
}

export function checkAddress(address: Address): Address {
  if (address.bucket !== "" && !BUCKET_NAME.test(address.bucket)) {
    throw s3Error("InvalidBucketName", `The specified bucket is not valid: ${JSON.stringify(address.bucket)}`);
  }
  if (Buffer.byteLength(address.key) > MAX_KEY_BYTES) {
    throw s3Error("KeyTooLongError");
  }
  return address;
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn({ bucket, key }: Address): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error("InvalidURI");
  }
}
