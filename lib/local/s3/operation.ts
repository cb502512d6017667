/** What every operation of the local S3 is given, and the replies that most of them make. */
import type { AwsReply } from "../aws-service.ts";
import type { Address } from "./address.ts";
import type { Bucket } from "./bucket.ts";
import type { Notify } from "./notify.ts";
import { s3Error } from "./s3-error.ts";
import type { Store } from "./store.ts";
import { type Version, versionIdOf } from "./version.ts";
import { renderXml, S3_NAMESPACE, type XmlMembers } from "./xml-render.ts";

export interface World {
  readonly store: Store;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly notify: Notify;
}

/** A request with its address found and its body decoded and checked against its digests. */
export interface S3Call extends Address {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Trailers included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly requestId: string;
}

export type Operation = (world: World, call: S3Call) => Promise<AwsReply>;

const VERSION_ID = /^(null|[0-9a-f]{32})$/;

/** `name` is the root element's. */
export function xmlReply(name: string, members: XmlMembers, headers: Readonly<Record<string, string>> = {}): AwsReply {
  // An attribute cannot be a member, and the root's namespace is the only one that S3 writes.
  const body = renderXml({ [name]: members }).replace(`<${name}>`, `<${name} xmlns="${S3_NAMESPACE}">`);
  return { status: 200, headers: { "content-type": "application/xml", ...headers }, body };
}

export function emptyReply(status: 200 | 204, headers: Readonly<Record<string, string>> = {}): AwsReply {
  return { status, headers, body: "" };
}

/** Names the version, in buckets that have versions. */
export function versionHeader(bucket: Bucket, version: Version): Readonly<Record<string, string>> {
  return bucket.state.versioning === undefined ? {} : { "x-amz-version-id": versionIdOf(version) };
}

/** The version that a request means, delete markers included. Throws NoSuchKey or NoSuchVersion. */
export function findVersion(bucket: Bucket, key: string, versionId: string | undefined): Version {
  if (versionId === undefined) {
    return bucket.index.versionsOf(key)[0] ?? absent("NoSuchKey");
  }
  return versionById(bucket, key, versionId) ?? absent("NoSuchVersion");
}

export function versionById(bucket: Bucket, key: string, versionId: string): Version | undefined {
  if (!VERSION_ID.test(versionId)) {
    throw s3Error("InvalidArgument", "Invalid version id specified");
  }
  return bucket.index.versionsOf(key).find((version) => versionIdOf(version) === versionId);
}

/** The same, for what only a version with bytes has: tags and locks. */
export function findObject(bucket: Bucket, call: S3Call): Version {
  const versionId = call.query.get("versionId") ?? undefined;
  const version = findVersion(bucket, call.key, versionId);
  if (version.isDeleteMarker) {
    throw s3Error(versionId === undefined ? "NoSuchKey" : "MethodNotAllowed");
  }
  return version;
}

export function bypassesGovernance(headers: Readonly<Record<string, string>>): boolean {
  return headers["x-amz-bypass-governance-retention"]?.toLowerCase() === "true";
}

function absent(code: "NoSuchKey" | "NoSuchVersion"): never {
  throw s3Error(code);
}
