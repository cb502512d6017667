/** What IAM has to allow for a request: the action, the resource and the context keys that policies ask for. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AwsError } from "../../../lib/local/aws-service.ts";
import { type S3Service, s3Service } from "../../../lib/local/s3/service.ts";
import { callOf } from "./s3-call.ts";

let directory: string;
let service: S3Service;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "local-s3-"));
  service = await s3Service({ directory, now: () => 0 });
});
afterAll(() => rm(directory, { recursive: true }));

const BUCKET = "arn:aws:s3:::logs";
const OBJECT = "arn:aws:s3:::logs/tile/0";
const BYPASS = { "x-amz-bypass-governance-retention": "true" };
const RETAIN = {
  "x-amz-object-lock-mode": "COMPLIANCE",
  "x-amz-object-lock-retain-until-date": "2030-01-01T00:00:00Z",
  "x-amz-object-lock-legal-hold": "ON",
};

const RETENTION =
  "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>1970-01-03T01:00:00Z</RetainUntilDate></Retention>";

test.each<[string, string, Record<string, string>, string, readonly string[]]>([
  ["GET", "/", {}, "ListBuckets", ["s3:ListAllMyBuckets *"]],
  ["PUT", "/logs", {}, "CreateBucket", [`s3:CreateBucket ${BUCKET}`]],
  ["HEAD", "/logs/", {}, "HeadBucket", [`s3:ListBucket ${BUCKET}`]],
  ["GET", "/logs?versions", {}, "ListObjectVersions", [`s3:ListBucketVersions ${BUCKET}`]],
  ["GET", "/logs?lifecycle", {}, "GetBucketLifecycleConfiguration", [`s3:GetLifecycleConfiguration ${BUCKET}`]],
  ["PUT", "/logs?object-lock", {}, "PutObjectLockConfiguration", [`s3:PutBucketObjectLockConfiguration ${BUCKET}`]],
  ["PUT", "/logs?policy", {}, "PutBucketPolicy", [`s3:PutBucketPolicy ${BUCKET}`]],
  ["GET", "/logs?notification", {}, "GetBucketNotificationConfiguration", [`s3:GetBucketNotification ${BUCKET}`]],
  ["PUT", "/logs?notification", {}, "PutBucketNotificationConfiguration", [`s3:PutBucketNotification ${BUCKET}`]],
  ["GET", "/logs/tile/0", {}, "GetObject", [`s3:GetObject ${OBJECT}`]],
  ["HEAD", "/logs/tile/0", {}, "HeadObject", [`s3:GetObject ${OBJECT}`]],
  ["GET", "/logs/tile/0?versionId=v", {}, "GetObject", [`s3:GetObjectVersion ${OBJECT}`]],
  ["GET", "/logs/tile%2F0?tagging&versionId=v", {}, "GetObjectTagging", [`s3:GetObjectVersionTagging ${OBJECT}`]],
  ["PUT", "/logs/tile/0?legal-hold", {}, "PutObjectLegalHold", [`s3:PutObjectLegalHold ${OBJECT}`]],
  ["DELETE", "/logs/tile/0", {}, "DeleteObject", [`s3:DeleteObject ${OBJECT}`]],
  [
    "DELETE",
    "/logs/tile/0?versionId=v",
    BYPASS,
    "DeleteObject",
    [`s3:DeleteObjectVersion ${OBJECT}`, `s3:BypassGovernanceRetention ${OBJECT}`],
  ],
  [
    "PUT",
    "/logs/tile/0?retention",
    BYPASS,
    "PutObjectRetention",
    [`s3:PutObjectRetention ${OBJECT}`, `s3:BypassGovernanceRetention ${OBJECT}`],
  ],
  [
    "PUT",
    "/logs/tile/0",
    { ...RETAIN, "x-amz-tagging": "a=b" },
    "PutObject",
    ["PutObject", "PutObjectRetention", "PutObjectLegalHold", "PutObjectTagging"].map(
      (action) => `s3:${action} ${OBJECT}`,
    ),
  ],
  [
    "PUT",
    "/logs/tile/0",
    { "x-amz-copy-source": "/other/a%20b?versionId=v" },
    "CopyObject",
    ["s3:GetObjectVersion arn:aws:s3:::other/a b", `s3:PutObject ${OBJECT}`],
  ],
])("%s %s with %j is %s", (method, url, headers, operation, needs) => {
  const body = operation === "PutObjectRetention" ? RETENTION : "";
  const described = service.describe(callOf(method, url, body, headers));
  expect(described.operation).toBe(operation);
  expect(described.needs.map(({ action, resource }) => `${action} ${resource}`)).toEqual(needs);
});

test("a put tells whether it would overwrite, so that a bucket policy can demand that it does not", () => {
  const conditionsOf = (headers: Record<string, string>) =>
    service.describe(callOf("PUT", "/logs/tile/0", "", headers)).needs[0]?.conditions;
  expect(conditionsOf({ "if-none-match": "*" })).toEqual({ "s3:if-none-match": "*" });
  expect(conditionsOf({})).toEqual({});
  expect(conditionsOf({ "x-amz-object-lock-mode": "GOVERNANCE" })).toEqual({ "s3:object-lock-mode": "GOVERNANCE" });
});

test.each([
  ["by headers", "/logs/tile/0", "", { mode: "COMPLIANCE", until: "1970-01-03T01:00:00Z" }],
  ["in a body", "/logs/tile/0?retention", RETENTION, undefined],
])("a lock that is asked for %s tells its mode and its days, so that a policy can bound them", (_, url, body, lock) => {
  const headers = lock && { "x-amz-object-lock-mode": lock.mode, "x-amz-object-lock-retain-until-date": lock.until };
  for (const { conditions } of service.describe(callOf("PUT", url, body, headers)).needs) {
    expect(conditions).toEqual({
      "s3:object-lock-mode": "COMPLIANCE",
      "s3:object-lock-retain-until-date": "1970-01-03T01:00:00Z",
      "s3:object-lock-remaining-retention-days": "2",
    });
  }
});

test.each(["", "<Retention>", "<LegalHold/>", "<!DOCTYPE a><Retention/>", "x".repeat(9_000_000)])(
  "a retention that cannot be read is refused before anybody is asked",
  (body) => expect(() => service.describe(callOf("PUT", "/logs/tile/0?retention", body))).toThrow(AwsError),
);

test("what changes tags tells those that are there, so that a policy can keep them", async () => {
  await service.handle(callOf("PUT", "/tagged"), "CreateBucket");
  const described = (url: string) => service.describe(callOf("DELETE", url)).needs[0]?.conditions;
  expect(described("/tagged/tile?tagging")).toEqual({});
  await service.handle(callOf("PUT", "/tagged/tile", "x", { "x-amz-tagging": "kind=sealed" }), "PutObject");
  expect(described("/tagged/tile?tagging")).toEqual({ "s3:ExistingObjectTag/kind": "sealed" });
  expect(described("/tagged/tile")).toEqual({});
});

test("a date that is none has no days", () => {
  const headers = { "x-amz-object-lock-mode": "COMPLIANCE", "x-amz-object-lock-retain-until-date": "soon" };
  const [need] = service.describe(callOf("PUT", "/logs/tile/0", "", headers)).needs;
  expect(need?.conditions).not.toHaveProperty("s3:object-lock-remaining-retention-days");
});

test("a listing tells its prefix", () => {
  const [need] = service.describe(callOf("GET", "/logs?list-type=2&prefix=tile%2F&delimiter=%2F")).needs;
  expect(need).toEqual({
    action: "s3:ListBucket",
    resource: BUCKET,
    conditions: { "s3:prefix": "tile/", "s3:delimiter": "/" },
  });
});

test("a batch delete needs what each of its deletions needs", () => {
  const body =
    "<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key><VersionId>v</VersionId></Object></Delete>";
  expect(service.describe(callOf("POST", "/logs?delete", body)).needs).toEqual([
    { action: "s3:DeleteObject", resource: "arn:aws:s3:::logs/a&b", conditions: {} },
    { action: "s3:DeleteObjectVersion", resource: "arn:aws:s3:::logs/c", conditions: { "s3:VersionId": "v" } },
  ]);
});

test("what is not implemented is said before anything is asked of IAM", () => {
  const describe = () => service.describe(callOf("POST", "/logs/tile/0?uploads"));
  expect(describe).toThrow(AwsError);
  expect(describe).toThrow("CreateMultipartUpload");
});
