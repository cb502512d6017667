/** The evidence bucket: written once, kept for as long as gatebook.yml says, and not to be talked out of it. */
import { describe, expect, test } from "vitest";
import { ADMINISTRATOR, policiesOf, ROOT_USER } from "./policies.ts";
import { OWN_CONFIGURATION, synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const may = policiesOf(gatebook);
const { logicalId: bucketId, Properties: bucket } = gatebook.only("AWS::S3::Bucket", "EvidenceBucket");
const bucketArn = gatebook.arnOf(bucketId);
const CREATE_ONLY = { "s3:if-none-match": "*" };

test("every version is locked for the configured retention, in COMPLIANCE mode", () => {
  expect(bucket.ObjectLockEnabled).toBe(true);
  expect(bucket.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: "COMPLIANCE", Days: 2555 });
  expect(bucket.VersioningConfiguration).toEqual({ Status: "Enabled" });
});

test("a trial may choose GOVERNANCE and a retention of its own", () => {
  const trial = OWN_CONFIGURATION.replace("retentionDays: 2555", "retentionDays: 3").replace(
    "mode: COMPLIANCE",
    "mode: GOVERNANCE",
  );
  const { Properties } = synthesise(trial).only("AWS::S3::Bucket", "EvidenceBucket");
  expect(Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: "GOVERNANCE", Days: 3 });
});

test("its policy stays with it when the stack goes", () => {
  const policy = gatebook.only("AWS::S3::BucketPolicy", "EvidenceBucketPolicy");
  expect(policy.DeletionPolicy).toBe("Retain");
  expect(policy.UpdateReplacePolicy).toBe("Retain");
});

test("no lifecycle rule takes anything out of it", () => expect(bucket.LifecycleConfiguration).toBeUndefined());

test("each access to it is logged", () => {
  const { LogFilePrefix, DestinationBucketName } = bucket.LoggingConfiguration;
  expect(
    may("logging.s3.amazonaws.com", "s3:PutObject", `${gatebook.arnOf(DestinationBucketName)}/${LogFilePrefix}2026`, {
      "aws:SourceArn": bucketArn,
    }),
  ).toBe(true);
});

describe.each([
  ["an administrator", ADMINISTRATOR],
  ["the account's root", ROOT_USER],
])("%s", (_, caller) => {
  test.each(["tile/0/000", "tile/entries/x001/x234/067.p/12", "payload/6f3a"])(
    "creates, and never overwrites, %s",
    (key) => {
      expect(may(caller, "s3:PutObject", `${bucketArn}/${key}`)).toBe(false);
      expect(may(caller, "s3:PutObject", `${bucketArn}/${key}`, { "s3:if-match": "etag" })).toBe(false);
      expect(may(caller, "s3:PutObject", `${bucketArn}/${key}`, CREATE_ONLY)).toBe(true);
    },
  );

  test.each(["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectRetention", "s3:BypassGovernanceRetention"])(
    "may not %s",
    (action) => {
      for (const key of ["tile/0/000", "payload/6f3a", "checkpoint"]) {
        expect(may(caller, action, `${bucketArn}/${key}`)).toBe(false);
      }
    },
  );

  test("may not read it without TLS", () => {
    expect(may(caller, "s3:GetObject", `${bucketArn}/checkpoint`)).toBe(true);
    expect(may(caller, "s3:GetObject", `${bucketArn}/checkpoint`, { "aws:SecureTransport": "false" })).toBe(false);
  });
});

test("a staged batch outlives any repair", () => {
  const { Rules } = gatebook.only("AWS::S3::Bucket", "EvidenceStaging").Properties.LifecycleConfiguration;
  for (const { ExpirationInDays } of Rules) expect(ExpirationInDays).toBeGreaterThanOrEqual(14);
});

test("staging has no lock, or its batches could not expire", () => {
  expect(gatebook.only("AWS::S3::Bucket", "EvidenceStaging").Properties.ObjectLockEnabled).toBeUndefined();
});
