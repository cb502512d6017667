/** What calls to S3 are said to have changed of a bucket's security. */
import { expect, test } from "vitest";
import { call, subjectOf, told } from "./told.ts";

const XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/";

function put(operation: string, members: object): string {
  return call(`s3:${operation}`, { request: { bucketName: "acme-releases", host: ["s3.amazonaws.com"], ...members } });
}

const block = (isOn: boolean | string) =>
  put("PutBucketPublicAccessBlock", {
    publicAccessBlock: [""],
    PublicAccessBlockConfiguration: { xmlns: XMLNS, BlockPublicAcls: isOn, RestrictPublicBuckets: true },
  });

test("what blocks public access is told when it is turned off, and when it is removed", () => {
  expect(told(block(true), block(false))).toEqual({
    kind: "public access block",
    resource: "arn:aws:s3:::acme-releases",
    before: "seen",
    lines: ["BlockPublicAcls: true → false"],
  });
  expect(told(block("true"), block(true))?.lines).toEqual(["nothing changed"]);
  expect(told(block(true), put("DeleteBucketPublicAccessBlock", {}))?.lines).toEqual([
    "the public access block was removed",
    "it was: BlockPublicAcls: true",
    "it was: RestrictPublicBuckets: true",
  ]);
});

const grantee = (who: object, Permission: string) => ({
  Grantee: { "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "xsi:type": "Group", ...who },
  Permission,
});
const owner = { ID: "owner", DisplayName: "acme" };
const list = (...grants: readonly object[]) =>
  put("PutBucketAcl", {
    AccessControlPolicy: {
      Owner: owner,
      // What XML holds once is no list.
      AccessControlList: { Grant: grants.length === 1 ? grants[0] : grants },
    },
  });
const own = grantee({ ID: "owner" }, "FULL_CONTROL");
const everybody = grantee({ URI: "http://acs.amazonaws.com/groups/global/AllUsers" }, "READ");

test("an access list is told by whom it lets do what, however it was asked for", () => {
  const ready = (name: string) => put("PutBucketAcl", { acl: [""], "x-amz-acl": [name] });
  expect(told(list(own), list(own, everybody))).toMatchObject({
    kind: "bucket access list",
    lines: ['grants: "everybody: READ" was added'],
  });
  expect(told(ready("private"), ready("public-read-write"))?.lines).toEqual([
    'grants: "everybody: READ" was added',
    'grants: "everybody: WRITE" was added',
  ]);
  expect(told(list(everybody), ready("public-read"))?.lines).toEqual(["nothing changed"]);
  const header = put("PutBucketAcl", {
    accessControlList: { "x-amz-grant-read": 'uri="http://acs.amazonaws.com/groups/global/AllUsers", id="5f"' },
  });
  expect(told(list(own), header)?.lines).toEqual([
    'grants: "everybody: READ" was added',
    'grants: "5f: READ" was added',
  ]);
  expect(subjectOf(put("PutBucketAcl", {}))).toBeUndefined();
  const users = grantee({ URI: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" }, "WRITE_ACP");
  const others = ["1", "2", "3"].map((digit) => grantee({ ID: digit.repeat(64) }, "READ"));
  expect(told(list(...others, users, everybody))?.lines).toEqual([
    'grants: "everybody: READ"',
    'grants: "anybody with an AWS account: WRITE_ACP"',
    ...["1", "2", "3"].map((digit) => `grants: "${digit.repeat(64)}: READ"`),
  ]);
});

test.each([
  [
    "PutBucketVersioning",
    "VersioningConfiguration",
    { Status: "Enabled" },
    { Status: "Suspended" },
    'Status: "Enabled" → "Suspended"',
  ],
  [
    "PutBucketEncryption",
    "ServerSideEncryptionConfiguration",
    { Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } } },
    { Rule: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] },
    'Rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm: "aws:kms" → "AES256"',
  ],
  [
    "PutObjectLockConfiguration",
    "ObjectLockConfiguration",
    { Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 2555 } } },
    { Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } } },
    "Rule.DefaultRetention.Days: 2555 → 1",
  ],
  [
    "PutBucketLogging",
    "BucketLoggingStatus",
    { LoggingEnabled: { TargetBucket: "acme-logs", TargetPrefix: "" } },
    "",
    'LoggingEnabled: {"TargetBucket":"acme-logs","TargetPrefix":""} was removed',
  ],
])("%s is told by what differs", (operation, root, before, after, line) => {
  const state = (value: unknown) =>
    put(operation, { [root]: typeof value === "object" ? { xmlns: XMLNS, ...value } : value });
  expect(told(state(before), state(after))?.lines).toEqual([line]);
});

test("a record without the request's body tells no state", () => {
  expect(subjectOf(put("PutBucketPolicy", {}))).toBeUndefined();
  expect(subjectOf(put("PutBucketVersioning", {}))).toBeUndefined();
});
