/** Alerts reach the people of gatebook.yml, and only Gatebook and its alarms can send one. */
import { describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT } from "../../lib/local/aws-service.ts";
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

  test("let the function that mails, and no other function, publish", () => {
    const publishers = gatebook
      .ofType("AWS::IAM::Role")
      .filter((role) => may(gatebook.arnOf(role.logicalId), "sns:Publish", topic));
    expect(publishers.map((role) => role.logicalId)).toEqual([expect.stringMatching(/^AlertingNotifyRole/)]);
  });
});
