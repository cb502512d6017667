/** What calls to S3 change of a bucket's security. CloudTrail writes the request's XML as JSON, under the name of its root. */
import { isObject, type JsonObject } from "../sources/json.ts";
import { nameOf, type ReadChange, type ToldChange } from "./change.ts";
import { fromJsonText } from "./json-text.ts";

const BLOCK = "public access block";
const ACCOUNT_BLOCK = "public access block of the account";
const ENCRYPTION = "bucket encryption";
const LOCK = "object lock";
const OWNERSHIP = "object ownership";

/** Older records have the API's own name of an operation, newer ones the permission's. */
export const s3Changes: Readonly<Record<string, ReadChange>> = {
  PutBucketPolicy: ({ request }) => ({ kind: "bucket policy", after: fromJsonText(request["bucketPolicy"]) }),
  DeleteBucketPolicy: () => ({ kind: "bucket policy", after: null }),
  PutBucketPublicAccessBlock: xml(BLOCK, "PublicAccessBlockConfiguration"),
  PutPublicAccessBlock: xml(BLOCK, "PublicAccessBlockConfiguration"),
  DeleteBucketPublicAccessBlock: () => ({ kind: BLOCK, after: null }),
  DeletePublicAccessBlock: () => ({ kind: BLOCK, after: null }),
  PutAccountPublicAccessBlock: xml(ACCOUNT_BLOCK, "PublicAccessBlockConfiguration"),
  DeleteAccountPublicAccessBlock: () => ({ kind: ACCOUNT_BLOCK, after: null }),
  PutBucketAcl: ({ request }) => ({ kind: "bucket access list", after: accessList(request) }),
  PutBucketVersioning: xml("bucket versioning", "VersioningConfiguration"),
  PutBucketEncryption: xml(ENCRYPTION, "ServerSideEncryptionConfiguration"),
  DeleteBucketEncryption: () => ({ kind: ENCRYPTION, after: null }),
  PutObjectLockConfiguration: xml(LOCK, "ObjectLockConfiguration"),
  PutBucketObjectLockConfiguration: xml(LOCK, "ObjectLockConfiguration"),
  PutBucketLogging: xml("access logging", "BucketLoggingStatus"),
  PutBucketOwnershipControls: xml(OWNERSHIP, "OwnershipControls"),
  DeleteBucketOwnershipControls: () => ({ kind: OWNERSHIP, after: null }),
};

function xml(kind: string, root: string): ReadChange {
  return ({ request }): ToldChange => ({ kind, after: plain(request[root]) });
}

/** Without namespaces, with truth as JSON has it, and an empty element as one without members. */
function plain(value: unknown, isRoot = true): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(each, false));
  if (value === "true" || value === "false") return value === "true";
  if (!isObject(value)) return isRoot && value === "" ? {} : value;
  const members = Object.entries(value).filter(([name]) => !/^(xmlns|xsi)(:|$)/.test(name));
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member, false)]));
}

/** What AWS's ready-made lists give, and to whom. The owner's own access goes without saying. */
const READY_MADE = new Map<unknown, readonly string[]>([
  ["private", []],
  ["public-read", ["everybody: READ"]],
  ["public-read-write", ["everybody: READ", "everybody: WRITE"]],
  ["authenticated-read", ["anybody with an AWS account: READ"]],
  ["log-delivery-write", ["S3's log delivery: WRITE", "S3's log delivery: READ_ACP"]],
]);

const GROUPS = new Map([
  ["AllUsers", "everybody"],
  ["AuthenticatedUsers", "anybody with an AWS account"],
  ["LogDelivery", "S3's log delivery"],
]);

/** A list of grants, as `everybody: READ`, the most open first. */
function accessList(request: JsonObject): JsonObject | undefined {
  const grants = grantsOf(request);
  const rank = (grant: string) => OPEN.findIndex((open) => grant.startsWith(open));
  return grants && { grants: grants.toSorted((a, b) => rank(b) - rank(a)) };
}

const OPEN = ["anybody", "everybody"];

/** They are asked for by a ready-made list, by headers, or one by one. */
function grantsOf(request: JsonObject): readonly string[] | undefined {
  const { accessControlList, AccessControlPolicy: policy } = request;
  const asked = { ...request, ...(isObject(accessControlList) && accessControlList) };
  const ready = [asked["x-amz-acl"]].flat().find((each) => typeof each === "string" && each !== "");
  if (ready !== undefined) return READY_MADE.get(ready) ?? [`the ready-made list ${ready}`];
  const headers = Object.entries(asked).filter(([header]) => header.startsWith(GRANT_HEADER));
  if (headers.length > 0) return headers.flatMap(([header, value]) => headerGrants(header, value));
  if (!isObject(policy)) return undefined;
  const { Owner: owner, AccessControlList: list } = policy;
  const grants: readonly unknown[] = isObject(list) ? [list["Grant"]].flat() : [];
  const ownerId = isObject(owner) ? owner["ID"] : undefined;
  return grants.filter(isObject).flatMap((grant) => grantText(grant, ownerId));
}

const GRANT_HEADER = "x-amz-grant-";

function headerGrants(header: string, value: unknown): readonly string[] {
  const permission = header.slice(GRANT_HEADER.length).toUpperCase().replaceAll("-", "_");
  const grantees = [value].flat().flatMap((each) => (typeof each === "string" ? each.split(",") : []));
  return grantees.map((each) => {
    const grantee = each.trim().replace(/^(\w+)="?([^"]*)"?$/, "$2");
    return `${GROUPS.get(groupOf(grantee)) ?? grantee}: ${permission}`;
  });
}

function grantText({ Grantee: grantee, Permission: permission }: JsonObject, ownerId: unknown): readonly string[] {
  if (!isObject(grantee)) return [];
  const { URI: uri, ID: id, EmailAddress: address } = grantee;
  if (id !== undefined && id === ownerId) return [];
  const group = typeof uri === "string" ? (GROUPS.get(groupOf(uri)) ?? uri) : undefined;
  return [`${group ?? nameOf(id ?? address)}: ${nameOf(permission)}`];
}

/** `http://acs.amazonaws.com/groups/global/AllUsers` */
function groupOf(uri: string): string {
  return uri.slice(uri.lastIndexOf("/") + 1);
}
