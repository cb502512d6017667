/** What IAM must allow for each operation (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html). */
import type { AwsRequest, Permission } from "../aws-service.ts";
import { type Address, bucketArn, objectArn, parseAddress, parseCopySource } from "./address.ts";
import { decodeBody } from "./aws-chunked.ts";
import { parseTargets, type Target } from "./delete-object.ts";
import { lockConditions } from "./lock-conditions.ts";
import { bypassesGovernance } from "./operation.ts";
import { type Tags, tagsOfHeader } from "./tags.ts";

type Request = Pick<AwsRequest, "path" | "query" | "headers" | "body">;

/** Operations on a bucket whose action is not named after them. */
const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  GetObjectLockConfiguration: "GetBucketObjectLockConfiguration",
  PutObjectLockConfiguration: "PutBucketObjectLockConfiguration",
  GetBucketEncryption: "GetEncryptionConfiguration",
  PutBucketEncryption: "PutEncryptionConfiguration",
  DeleteBucketEncryption: "PutEncryptionConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  GetBucketNotificationConfiguration: "GetBucketNotification",
  PutBucketNotificationConfiguration: "PutBucketNotification",
};

/** Context keys and where their values are in a request. */
const HEADER_CONDITIONS: Readonly<Record<string, string>> = {
  "s3:if-none-match": "if-none-match",
  "s3:if-match": "if-match",
  "s3:object-lock-legal-hold": "x-amz-object-lock-legal-hold",
  "s3:x-amz-server-side-encryption": "x-amz-server-side-encryption",
  "s3:x-amz-server-side-encryption-aws-kms-key-id": "x-amz-server-side-encryption-aws-kms-key-id",
  "s3:x-amz-storage-class": "x-amz-storage-class",
  "s3:x-amz-acl": "x-amz-acl",
  "s3:x-amz-copy-source": "x-amz-copy-source",
  "s3:x-amz-metadata-directive": "x-amz-metadata-directive",
};
const QUERY_CONDITIONS: Readonly<Record<string, string>> = {
  "s3:prefix": "prefix",
  "s3:delimiter": "delimiter",
  "s3:max-keys": "max-keys",
  "s3:VersionId": "versionId",
};

/** What policies can ask for and the request does not say. */
export interface Surroundings {
  /** Epoch milliseconds: a lock is asked for until a date, and policies ask for its days. */
  readonly now: number;
  /** Of the version that is stored, the newest if none is named; empty where there is none. */
  tagsOf(address: Address, versionId: string | undefined): Tags;
}

export function permissionsFor(operation: string, request: Request, around: Surroundings): readonly Permission[] {
  const address = parseAddress(request.path);
  const conditions = {
    ...conditionsOf(request),
    ...lockConditions(operation, request, around.now),
    ...(operation.endsWith("Tagging") &&
      existingTags(around.tagsOf(address, request.query.get("versionId") ?? undefined))),
  };
  const resource = address.key === "" ? bucketArn(address.bucket) : objectArn(address);
  const allow = (...actions: string[]): readonly Permission[] =>
    actions.map((action) => ({ action: `s3:${action}`, resource, conditions }));
  switch (operation) {
    case "ListBuckets":
      return [{ action: "s3:ListAllMyBuckets", resource: "*" }];
    case "CreateBucket":
      return allow("CreateBucket", ...actionsOfCreateBucket(request));
    case "PutObject":
      return allow("PutObject", ...actionsOfWrite(request));
    case "CopyObject":
      return [...readSource(request), ...allow("PutObject", ...actionsOfWrite(request))];
    case "GetObject":
    case "HeadObject":
      return allow(versioned("GetObject", request));
    case "DeleteObject":
      return allow(versioned("DeleteObject", request), ...bypass(request));
    case "DeleteObjects":
      return targetsOf(request).flatMap((target) => toDelete(address, target, request));
    case "PutObjectRetention":
      return allow(operation, ...bypass(request));
    case "GetObjectTagging":
    case "PutObjectTagging":
    case "DeleteObjectTagging":
      return allow(tagging(operation, request));
    default:
      return allow(BUCKET_ACTIONS[operation] ?? operation);
  }
}

function actionsOfCreateBucket({ headers }: Request): readonly string[] {
  return [
    ...(headers["x-amz-bucket-object-lock-enabled"]?.toLowerCase() === "true"
      ? ["PutBucketObjectLockConfiguration", "PutBucketVersioning"]
      : []),
    ...(headers["x-amz-object-ownership"] === undefined ? [] : ["PutBucketOwnershipControls"]),
  ];
}

function actionsOfWrite({ headers }: Request): readonly string[] {
  const locks = headers["x-amz-object-lock-mode"] ?? headers["x-amz-object-lock-retain-until-date"];
  return [
    ...(locks === undefined ? [] : ["PutObjectRetention"]),
    ...(headers["x-amz-object-lock-legal-hold"] === undefined ? [] : ["PutObjectLegalHold"]),
    ...(headers["x-amz-tagging"] === undefined ? [] : ["PutObjectTagging"]),
  ];
}

function readSource({ headers }: Request): readonly Permission[] {
  const source = parseCopySource(headers["x-amz-copy-source"] ?? "");
  const action = source.versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  return [{ action, resource: objectArn(source) }];
}

function toDelete({ bucket }: Address, { key, versionId }: Target, request: Request): readonly Permission[] {
  const resource = objectArn({ bucket, key });
  const conditions = versionId === undefined ? {} : { "s3:VersionId": versionId };
  const actions = [versionId === undefined ? "DeleteObject" : "DeleteObjectVersion", ...bypass(request)];
  return actions.map((action) => ({ action: `s3:${action}`, resource, conditions }));
}

function targetsOf({ headers, body }: Request): readonly Target[] {
  return parseTargets(decodeBody(headers, body).body).targets;
}

function versioned(action: string, { query }: Request): string {
  return query.has("versionId") ? `${action}Version` : action;
}

function tagging(operation: string, request: Request): string {
  return versioned(operation.replace("Tagging", ""), request).concat("Tagging");
}

function bypass({ headers }: Request): readonly string[] {
  return bypassesGovernance(headers) ? ["BypassGovernanceRetention"] : [];
}

function existingTags(tags: Tags): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`s3:ExistingObjectTag/${tag}`, value]));
}

/** A context key is present only where the request says something about it. */
function conditionsOf({ headers, query }: Request): Readonly<Record<string, string>> {
  const fromHeaders = Object.entries(HEADER_CONDITIONS).map(([key, name]) => [key, headers[name]]);
  const fromQuery = Object.entries(QUERY_CONDITIONS).map(([key, name]) => [key, query.get(name) ?? undefined]);
  const tags = Object.entries(tagsOfHeader(headers["x-amz-tagging"]));
  const fromTags = tags.map(([tag, value]) => [`s3:RequestObjectTag/${tag}`, value]);
  return Object.fromEntries([...fromHeaders, ...fromQuery, ...fromTags].filter(([, value]) => value !== undefined));
}
