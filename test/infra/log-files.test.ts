/** The way in for log files: which objects the rules take, who may send notices, and what the import may read. */
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT } from "../../lib/local/aws-service.ts";
import { compileEventPattern } from "../../lib/local/services/event-bridge/event-pattern.ts";
import { policiesOf } from "./policies.ts";
import { anchorIn, runbookAnchors } from "./runbook.ts";
import { OWN_CONFIGURATION, synthesise } from "./synthesised-stack.ts";

const BUCKET = "acme-org-trail";
const withBucket = (more = "") =>
  OWN_CONFIGURATION.replace(/^sources:\n/m, `sources:\n  cloudtrailBucket: ${BUCKET}\n${more}`);
const gatebook = synthesise(withBucket());
const may = policiesOf(gatebook);
const notices = gatebook.arnOf(gatebook.only("AWS::SQS::Queue", "LogFilesNoticesQueue").logicalId);
const deadLetters = gatebook.arnOf(gatebook.only("AWS::SQS::Queue", "LogFilesNoticesDeadLetters").logicalId);
const importer = gatebook.only("AWS::Lambda::Function", "LogFilesImport").Properties;
const KEY = "AWSLogs/o-abcdefghij/111122223333/CloudTrail/eu-west-1/2026/11/22/x.json.gz";

test("without sources.cloudtrailBucket there is nothing of it", () => {
  const all = synthesise().resources.map(({ logicalId }) => logicalId);
  expect(all.filter((logicalId) => logicalId.startsWith("LogFiles"))).toEqual([]);
});

test("the AwsSolutions rules have no finding", () => {
  expect(new AwsSolutionsChecks(gatebook.app).validateScope(gatebook.stack).violations).toEqual([]);
});

test.each(["arn:aws:s3:::acme", "s3://acme", "Acme", "a", "acme/logs", ""])(
  "%j is refused as the name of a bucket",
  (name) => {
    const text = OWN_CONFIGURATION.replace(/^sources:\n/m, `sources:\n  cloudtrailBucket: "${name}"\n`);
    expect(() => synthesise(text)).toThrow(
      /^gatebook\.yml:\d+: sources\.cloudtrailBucket: must be the name of a bucket/m,
    );
  },
);

describe("the rule", () => {
  const rule = gatebook.only("AWS::Events::Rule", "LogFilesCreated").Properties;
  const matches = compileEventPattern(JSON.stringify(rule.EventPattern));
  const created = (bucket: string, key: string, type = "Object Created") => ({
    source: "aws.s3",
    "detail-type": type,
    detail: { bucket: { name: bucket }, object: { key } },
  });

  test("takes the log files of the bucket, whatever their prefix", () => {
    expect(matches(created(BUCKET, KEY))).toBe(true);
    expect(matches(created(BUCKET, `some/prefix/${KEY}`))).toBe(true);
    expect(matches(created(BUCKET, KEY.replace("CloudTrail", "CloudTrail-Insight")))).toBe(true);
    expect(matches(created(BUCKET, "2026/11/22/10/05/audit.json.gz"))).toBe(true);
  });

  test("leaves digests, other buckets and other events alone", () => {
    expect(matches(created(BUCKET, KEY.replace("CloudTrail", "CloudTrail-Digest")))).toBe(false);
    expect(matches(created(`${BUCKET}-2`, KEY))).toBe(false);
    expect(matches(created(BUCKET, KEY, "Object Deleted"))).toBe(false);
    expect(matches({ ...created(BUCKET, KEY), source: "acme.s3" })).toBe(false);
  });

  test("leads to the queue, and what cannot be delivered to its dead letters", () => {
    expect(rule.Targets).toEqual([expect.objectContaining({ Arn: notices, DeadLetterConfig: { Arn: deadLetters } })]);
    expect(rule.State).toBe("ENABLED");
  });

  test("is on the bus of forwarded events, too, where there is one", () => {
    const home = '  home: { account: "111122223333", region: eu-west-1 }\n  accounts: ["444455556666"]\n';
    const forwarded = synthesise(withBucket(home)).only("AWS::Events::Rule", "LogFilesForwardedCreated").Properties;
    expect(forwarded.EventPattern).toEqual(rule.EventPattern);
    expect(forwarded.EventBusName).toMatch(/^ForwardedBus/);
    expect(forwarded.Targets[0].DeadLetterConfig.Arn).toMatch(/LogFilesNoticesDeadLetters/);
  });
});

describe("notices", () => {
  const ruleArn = gatebook.arnOf(gatebook.only("AWS::Events::Rule", "LogFilesCreated").logicalId);
  const maySend = (service: string, conditions: Readonly<Record<string, string>>, queue = notices) =>
    may(service, "sqs:SendMessage", queue, conditions);

  test("come from the rule, from S3 for this bucket, and from topics of this account", () => {
    expect(maySend("events.amazonaws.com", { "aws:SourceArn": ruleArn })).toBe(true);
    expect(maySend("events.amazonaws.com", { "aws:SourceArn": ruleArn }, deadLetters)).toBe(true);
    expect(maySend("s3.amazonaws.com", { "aws:SourceArn": `arn:aws:s3:::${BUCKET}` })).toBe(true);
    expect(maySend("sns.amazonaws.com", { "aws:SourceAccount": LOCAL_ACCOUNT })).toBe(true);
  });

  test("come from nobody else", () => {
    expect(maySend("events.amazonaws.com", { "aws:SourceArn": "arn:aws:events:eu-west-1:1:rule/x" })).toBe(false);
    expect(maySend("s3.amazonaws.com", { "aws:SourceArn": "arn:aws:s3:::strangers" })).toBe(false);
    expect(maySend("s3.amazonaws.com", {})).toBe(false);
    expect(maySend("sns.amazonaws.com", { "aws:SourceAccount": "999999999999" })).toBe(false);
    expect(maySend("lambda.amazonaws.com", { "aws:SourceAccount": LOCAL_ACCOUNT })).toBe(false);
  });
});

describe("the import", () => {
  const object = `arn:aws:s3:::${BUCKET}/${KEY}`;
  const key = "arn:aws:kms:eu-west-1:444455556666:key/trail";
  const through = (service: string) => ({ "kms:ViaService": `${service}.eu-west-1.amazonaws.com` });

  test("may read that bucket's objects, and neither list, write nor delete", () => {
    expect(may(importer.Role, "s3:GetObject", object)).toBe(true);
    for (const action of ["s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:PutObjectAcl"]) {
      expect(may(importer.Role, action, object)).toBe(false);
    }
    expect(may(importer.Role, "s3:ListBucket", `arn:aws:s3:::${BUCKET}`)).toBe(false);
    expect(may(importer.Role, "s3:GetObject", `arn:aws:s3:::${BUCKET}-2/${KEY}`)).toBe(false);
    const evidence = gatebook.arnOf(gatebook.only("AWS::S3::Bucket", "EvidenceBucket").logicalId);
    expect(may(importer.Role, "s3:GetObject", `${evidence}/tile/0/000`)).toBe(false);
  });

  test("may decrypt through S3 alone", () => {
    expect(may(importer.Role, "kms:Decrypt", key, through("s3"))).toBe(true);
    expect(may(importer.Role, "kms:Decrypt", key, through("secretsmanager"))).toBe(false);
    expect(may(importer.Role, "kms:Decrypt", key)).toBe(false);
    expect(may(importer.Role, "kms:Encrypt", key, through("s3"))).toBe(false);
  });

  test("may send events and put files aside, and nobody else may take its notices", () => {
    const intake = gatebook.arnOf(gatebook.only("AWS::SQS::Queue", "IngestionIntakeQueue").logicalId);
    expect(may(importer.Role, "sqs:SendMessage", intake)).toBe(true);
    expect(may(importer.Role, "sqs:SendMessage", deadLetters)).toBe(true);
    expect(may(importer.Role, "sqs:SendMessage", notices)).toBe(false);
    const readers = gatebook
      .ofType("AWS::Lambda::Function")
      .filter(({ Properties }) => may(Properties.Role, "sqs:ReceiveMessage", notices));
    expect(readers.map(({ logicalId }) => logicalId)).toEqual([expect.stringMatching(/^LogFilesImport/)]);
  });

  test("knows every role of the stack's functions, to tell its own work from others'", () => {
    const roles = gatebook.ofType("AWS::Lambda::Function").map(({ Properties }) => Properties.Role);
    expect(roles.length).toBeGreaterThan(4);
    expect(JSON.parse(importer.Environment.Variables.OWN_ROLE_ARNS).sort()).toEqual([...new Set(roles)].sort());
  });

  test("takes one message at a time, in time, and says which failed", () => {
    const [mapping] = gatebook
      .ofType("AWS::Lambda::EventSourceMapping")
      .filter(({ Properties }) => Properties.EventSourceArn === notices);
    expect(mapping?.Properties).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    const queue = gatebook.only("AWS::SQS::Queue", "LogFilesNoticesQueue").Properties;
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * importer.Timeout);
    expect(queue.RedrivePolicy.deadLetterTargetArn).toBe(deadLetters);
  });
});

test("its alarms lead to the runbook", () => {
  const alarms = gatebook.ofType("AWS::CloudWatch::Alarm").filter(({ logicalId }) => logicalId.startsWith("LogFiles"));
  expect(alarms).toHaveLength(2);
  for (const { Properties } of alarms) {
    expect(runbookAnchors()).toContain(anchorIn(Properties.AlarmDescription));
    expect(Properties.AlarmActions).toHaveLength(1);
  }
});
