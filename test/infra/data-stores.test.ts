/** What holds evidence, events on their way or secrets survives the stack, and cannot be emptied by a mistake. */
import { describe, expect, test } from "vitest";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const STORES = [
  "AWS::S3::Bucket",
  "AWS::DynamoDB::Table",
  "AWS::SQS::Queue",
  "AWS::SecretsManager::Secret",
  "AWS::KMS::Key",
  "AWS::Logs::LogGroup",
];

describe.each(STORES)("each %s", (type) => {
  const stores = gatebook.ofType(type);

  test("exists", () => expect(stores).not.toHaveLength(0));

  test.each(stores)("survives the stack, and a replacement: $logicalId", ({ DeletionPolicy, UpdateReplacePolicy }) => {
    expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
    });
  });
});

test.each(gatebook.ofType("AWS::DynamoDB::Table"))(
  "a table can be restored to any second and is not deleted by a slip: $logicalId",
  ({ Properties }) => {
    expect(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
    expect(Properties.DeletionProtectionEnabled).toBe(true);
    expect(Properties.BillingMode).toBe("PAY_PER_REQUEST");
  },
);

test.each(gatebook.ofType("AWS::S3::Bucket"))("a bucket is private and encrypted: $logicalId", ({ Properties }) => {
  expect(Properties.PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
  expect(Properties.OwnershipControls.Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
});

test.each(gatebook.ofType("AWS::S3::Bucket"))("a bucket answers over TLS alone: $logicalId", ({ logicalId }) => {
  const { Properties } = gatebook.only("AWS::S3::BucketPolicy", `${logicalId.slice(0, -8)}Policy`);
  expect(Properties.Bucket).toBe(logicalId);
  expect(Properties.PolicyDocument.Statement).toContainEqual({
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: "s3:*",
    Resource: [gatebook.arnOf(logicalId), `${gatebook.arnOf(logicalId)}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
});

test("a table forgets only what the log still has, and never the head", () => {
  expect(gatebook.only("AWS::DynamoDB::Table", "IndexTable").Properties.TimeToLiveSpecification).toEqual({
    AttributeName: "expires",
    Enabled: true,
  });
  expect(gatebook.only("AWS::DynamoDB::Table", "EvidenceHeads").Properties.TimeToLiveSpecification).toBeUndefined();
});

test("logs are kept for a year", () => {
  for (const { Properties } of gatebook.ofType("AWS::Logs::LogGroup")) expect(Properties.RetentionInDays).toBe(365);
});
