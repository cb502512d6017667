/** Alerts reach the people of gatebook.yml, and only Gatebook and its alarms can send one. */
import { describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { policiesOf } from "./policies.ts";
import { OWN_CONFIGURATION, synthesise } from "./synthesised-stack.ts";

const CLOUDWATCH = "cloudwatch.amazonaws.com";

test("everybody in gatebook.yml is mailed, and nobody else", () => {
  const gatebook = synthesise(
    OWN_CONFIGURATION.replace("email: [security@acme.example]", "email: [one@acme.example, two@acme.example]"),
  );
  const topic = gatebook.arnOf(gatebook.only("AWS::SNS::Topic", "").logicalId);
  expect(gatebook.ofType("AWS::SNS::Subscription").map(({ Properties }) => Properties)).toEqual([
    { Protocol: "email", Endpoint: "one@acme.example", TopicArn: topic },
    { Protocol: "email", Endpoint: "two@acme.example", TopicArn: topic },
  ]);
});

describe("the topic and its key", () => {
  const gatebook = synthesise();
  const may = policiesOf(gatebook);
  const { logicalId, Properties } = gatebook.only("AWS::SNS::Topic", "");
  const topic = gatebook.arnOf(logicalId);
  const key = gatebook.arnOf(gatebook.only("AWS::KMS::Key", "Alerting").logicalId);
  const ofAlarm = (account: string) => ({
    "aws:SourceAccount": account,
    "aws:SourceArn": `arn:aws:cloudwatch:eu-west-1:${account}:alarm:Gatebook-Alarm`,
  });

  test("belong together, and the key is rotated", () => {
    expect(Properties.KmsMasterKeyId).toBe(key);
    expect(gatebook.only("AWS::KMS::Key", "Alerting").Properties.EnableKeyRotation).toBe(true);
  });

  test.each([
    ["sns:Publish", topic],
    ["kms:Decrypt", key],
    ["kms:GenerateDataKey", key],
  ])("let this account's alarms, and no other account's, %s", (action, resource) => {
    expect(may(CLOUDWATCH, action, resource, ofAlarm(LOCAL_ACCOUNT))).toBe(true);
    expect(may(CLOUDWATCH, action, resource, ofAlarm("999999999999"))).toBe(false);
    expect(may("events.amazonaws.com", action, resource)).toBe(false);
  });

  test("take nothing without TLS", () => {
    const plain = { ...ofAlarm(LOCAL_ACCOUNT), "aws:SecureTransport": "false" };
    expect(may(CLOUDWATCH, "sns:Publish", topic, plain)).toBe(false);
  });

  test("let the functions that mail, and no other function, publish", () => {
    const publishers = gatebook
      .ofType("AWS::IAM::Role")
      .filter((role) => may(gatebook.arnOf(role.logicalId), "sns:Publish", topic));
    expect(publishers.map((role) => role.logicalId).sort()).toEqual([
      expect.stringMatching(/^AlertingDigestMailRole/),
      expect.stringMatching(/^AlertingNotifyRole/),
    ]);
  });
});

describe("findings", () => {
  const gatebook = synthesise();
  const bus = gatebook.only("AWS::Events::EventBus", "AlertingBus");

  test("go to a bus of their own, which the stack names and only this account may use", () => {
    expect(JSON.parse(gatebook.text).Outputs.FindingsBusArn.Value).toEqual({ "Fn::GetAtt": [bus.logicalId, "Arn"] });
    expect(gatebook.ofType("AWS::Events::EventBusPolicy")).toEqual([]);
  });

  test("that wait are mailed each minute by one function, which is watched", () => {
    const mailer = gatebook.only("AWS::Lambda::Function", "AlertingDigestMail");
    const { Properties: rule } = gatebook.only("AWS::Events::Rule", "AlertingDigestMinutely");
    expect(rule.ScheduleExpression).toBe("rate(1 minute)");
    expect(rule.Targets).toEqual([
      expect.objectContaining({
        Arn: gatebook.arnOf(mailer.logicalId),
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
      }),
    ]);
    // Flush holds its lease for longer than a run can take, and for less than until the next.
    expect(mailer.Properties.Timeout).toBeLessThan(50);
    const { Properties: alarm } = gatebook.only("AWS::CloudWatch::Alarm", "AlertingDigestFailureAlarm");
    expect(alarm.Dimensions).toEqual([{ Name: "FunctionName", Value: mailer.logicalId }]);
    expect(alarm).toMatchObject({ MetricName: "Errors", Threshold: 1, EvaluationPeriods: 5 });
  });

  test("that wait are never cleared away before they are mailed", () => {
    const { Properties } = gatebook.only("AWS::DynamoDB::Table", "AlertingWaiting");
    expect(Properties.TimeToLiveSpecification).toBeUndefined();
  });

  test("go to Security Hub where gatebook.yml says so, to this account's own product alone", () => {
    const withHub = synthesise(OWN_CONFIGURATION.replace("alerts:\n", "alerts:\n  securityHub: true\n"));
    const may = policiesOf(withHub);
    const roles = withHub.ofType("AWS::IAM::Role").map(({ logicalId }) => logicalId);
    const mayImport = (account: string) =>
      roles.filter((role) =>
        may(
          withHub.arnOf(role),
          "securityhub:BatchImportFindings",
          `arn:aws:securityhub:${LOCAL_REGION}:${account}:product/${account}/default`,
        ),
      );
    expect(mayImport(LOCAL_ACCOUNT)).toEqual([expect.stringMatching(/^AlertingNotifyRole/)]);
    expect(mayImport("999999999999")).toEqual([]);
  });
});
