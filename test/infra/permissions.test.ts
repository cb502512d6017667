/** Each function may do its work and nothing that could undo another's. */
import { describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { policiesOf } from "./policies.ts";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const may = policiesOf(gatebook);
const arn = (type: string, prefix: string) => gatebook.arnOf(gatebook.only(type, prefix).logicalId);
const evidence = arn("AWS::S3::Bucket", "EvidenceBucket");
const staging = arn("AWS::S3::Bucket", "EvidenceStaging");
const heads = arn("AWS::DynamoDB::Table", "EvidenceHeads");
const index = arn("AWS::DynamoDB::Table", "IndexTable");
const intake = arn("AWS::SQS::Queue", "IngestionIntakeQueue");
const fingerprintKey = arn("AWS::SecretsManager::Secret", "RecordingFingerprintKey");
const webhookSecrets = gatebook
  .ofType("AWS::SecretsManager::Secret")
  .map(({ logicalId }) => gatebook.arnOf(logicalId))
  .filter((secret) => secret !== fingerprintKey);
const SECURITY_HUB_PRODUCT = `arn:aws:securityhub:${LOCAL_REGION}:${LOCAL_ACCOUNT}:product/${LOCAL_ACCOUNT}/default`;
const CREATE_ONLY = { "s3:if-none-match": "*" };

const roles = gatebook.ofType("AWS::Lambda::Function").map(({ Properties }) => ({
  name: Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME as string,
  role: Properties.Role as string,
}));
const whoMay = (action: string, resource: string, conditions = {}): string[] =>
  roles.filter(({ role }) => may(role, action, resource, conditions)).map(({ name }) => name);

/** Nobody's work takes these, on any resource. */
const NOBODY: readonly (readonly [action: string, resource: string])[] = [
  ["s3:DeleteObject", `${evidence}/tile/0/000`],
  ["s3:DeleteObjectVersion", `${evidence}/tile/0/000`],
  ["s3:DeleteObject", `${staging}/staged/1`],
  ["s3:DeleteObject", `${staging}/messages/6f3a`],
  ["s3:PutObjectRetention", `${evidence}/tile/0/000`],
  ["s3:PutObjectRetention", `${evidence}/checkpoint`],
  ["s3:PutObjectTagging", `${evidence}/tile/entries/000`],
  ["s3:DeleteObjectTagging", `${evidence}/tile/0/000.p/7`],
  ["s3:BypassGovernanceRetention", `${evidence}/tile/0/000.p/7`],
  ["s3:PutObjectLegalHold", `${evidence}/tile/0/000`],
  ["s3:BypassGovernanceRetention", `${evidence}/tile/0/000`],
  ["s3:PutBucketObjectLockConfiguration", evidence],
  ["s3:PutBucketPolicy", evidence],
  ["s3:PutLifecycleConfiguration", evidence],
  ["kms:Sign", "arn:aws:kms:eu-west-1:000000000000:key/signing"],
  ["dynamodb:DeleteTable", heads],
  ["dynamodb:DeleteItem", heads],
  ["dynamodb:UpdateItem", heads],
  ["dynamodb:DeleteTable", index],
  ["dynamodb:DeleteItem", index],
  ["sqs:PurgeQueue", intake],
  ["sqs:DeleteQueue", intake],
  ["secretsmanager:PutSecretValue", fingerprintKey],
  ["secretsmanager:DeleteSecret", fingerprintKey],
  ["iam:PutRolePolicy", roles[0]?.role ?? ""],
];

test.each(NOBODY)("no function may %s on %s", (action, resource) => expect(whoMay(action, resource)).toEqual([]));

/** They read what was recorded, and tell what comes of it. */
const LOOKING_BACK = [
  "break-glass",
  "campaign",
  "gate-api",
  "gate-codepipeline",
  "overdue-break-glass",
  "reviews",
  "second-look",
];
const SENDERS = ["close-grants", "correlate", "events", "grants", "receive", "review", ...LOOKING_BACK];

const ALLOWED: readonly (readonly [action: string, resource: string, who: readonly string[]])[] = [
  ["s3:PutObject", `${evidence}/tile/0/000`, ["publish", "record"]],
  ["s3:PutObject", `${evidence}/payload/6f3a`, ["record"]],
  ["s3:PutObject", `${evidence}/checkpoint`, ["publish"]],
  ["s3:PutObject", `${evidence}/verifier-key`, []],
  ["s3:GetObject", `${evidence}/checkpoint`, ["log", "publish", ...LOOKING_BACK]],
  ["s3:PutObject", `${evidence}/shard/2/tile/0/000`, ["publish", "record"]],
  ["s3:PutObject", `${evidence}/shard/2/payload/6f3a`, ["record"]],
  ["s3:PutObject", `${evidence}/shard/2/checkpoint`, ["publish"]],
  ["s3:PutObject", `${evidence}/shard/2/verifier-key`, []],
  ["s3:GetObject", `${evidence}/shard/2/payload/6f3a`, ["log", "record", ...LOOKING_BACK]],
  ["s3:GetObject", `${evidence}/shard/2/checkpoint`, ["log", "publish", ...LOOKING_BACK]],
  ["s3:GetObject", `${evidence}/payload/6f3a`, ["log", "record", ...LOOKING_BACK]],
  ["s3:PutObject", `${staging}/staged/1`, ["record"]],
  ["kms:Sign", arn("AWS::KMS::Key", "Publishing"), ["publish"]],
  ["dynamodb:GetItem", heads, ["publish", "record", "seal", ...LOOKING_BACK]],
  ["dynamodb:PutItem", heads, ["record"]],
  ["dynamodb:BatchWriteItem", index, ["publish", "record"]],
  ["dynamodb:BatchGetItem", index, ["record", "second-look"]],
  ["dynamodb:PutItem", arn("AWS::DynamoDB::Table", "AlertingNotices"), ["digest", "notify"]],
  ["dynamodb:DeleteItem", arn("AWS::DynamoDB::Table", "AlertingNotices"), ["notify"]],
  ["dynamodb:PutItem", arn("AWS::DynamoDB::Table", "AlertingWaiting"), ["notify"]],
  ["dynamodb:BatchWriteItem", arn("AWS::DynamoDB::Table", "AlertingWaiting"), ["digest"]],
  ["events:PutEvents", arn("AWS::Events::EventBus", "AlertingBus"), ["notify"]],
  ["securityhub:BatchImportFindings", SECURITY_HUB_PRODUCT, []],
  ["s3:PutObject", `${staging}/messages/6f3a`, SENDERS],
  ["s3:GetObject", `${staging}/messages/6f3a`, ["record"]],
  ["s3:GetObject", `${staging}/staged/1`, ["publish", "record"]],
  ["sqs:SendMessage", intake, SENDERS],
  ["sqs:ReceiveMessage", intake, ["record"]],
  ["sqs:SendMessage", arn("AWS::SQS::Queue", "IngestionIntakeDeadLetters"), ["record"]],
  ["sqs:SendMessage", arn("AWS::SQS::Queue", "AlertingFindingsQueue"), ["publish", "record"]],
  ["sqs:ReceiveMessage", arn("AWS::SQS::Queue", "AlertingFindingsQueue"), ["notify"]],
  ["iam:GetCredentialReport", "*", ["review"]],
  ["codepipeline:GetJobDetails", "*", ["gate-codepipeline"]],
  ["codepipeline:PutJobSuccessResult", "*", ["gate-codepipeline"]],
  ["codepipeline:PutApprovalResult", "*", []],
  ...webhookSecrets.map((secret) => ["secretsmanager:GetSecretValue", secret, ["receive"]] as const),
  ["secretsmanager:GetSecretValue", fingerprintKey, ["record"]],
];

test.each(ALLOWED)("%s on %s is for %j alone", (action, resource, who) => {
  expect(whoMay(action, resource, CREATE_ONLY).sort()).toEqual([...who].sort());
});

/** Actions that AWS offers on no narrower resource. */
const WITHOUT_RESOURCE = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "iam:GenerateCredentialReport",
  "iam:GetCredentialReport",
  "codepipeline:GetJobDetails",
  "codepipeline:PutJobSuccessResult",
  "codepipeline:PutJobFailureResult",
];

describe.each(gatebook.ofType("AWS::IAM::Policy"))("$logicalId", ({ Properties }) => {
  const statements: { Effect: string; Action: string | string[]; Resource: string | string[] }[] =
    Properties.PolicyDocument.Statement;

  test.each(statements)("names its actions and its resources: $Action", ({ Effect, Action, Resource }) => {
    expect(Effect).toBe("Allow");
    const wide = [Action].flat().filter((action) => action.includes("*"));
    expect(wide.filter((action) => action !== "kms:GenerateDataKey*")).toEqual([]);
    if ([Resource].flat().includes("*")) expect(WITHOUT_RESOURCE).toEqual(expect.arrayContaining([Action].flat()));
  });
});

test.each(gatebook.ofType("AWS::IAM::Role"))(
  "$logicalId is for Lambda alone, and its own",
  ({ logicalId, Properties }) => {
    expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" } },
    ]);
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(roles.filter(({ role }) => role === gatebook.arnOf(logicalId))).toHaveLength(1);
  },
);
