/** Checkpoints are signed each minute by one role, with a key that outlives the stack, and nobody else can sign. */
import { describe, expect, test } from "vitest";
import { ADMINISTRATOR, policiesOf, ROOT_USER } from "./policies.ts";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const may = policiesOf(gatebook);
const key = gatebook.only("AWS::KMS::Key", "Publishing");
const keyArn = gatebook.arnOf(key.logicalId);
const targetOf = (prefix: string) => {
  const { Properties } = gatebook.only("AWS::Events::Rule", prefix);
  return { ...Properties, target: Properties.Targets[0] };
};

test("the key makes plain Ed25519, and stays when the stack goes", () => {
  expect(key.Properties).toMatchObject({ KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" });
  expect([key.DeletionPolicy, key.UpdateReplacePolicy]).toEqual(["Retain", "Retain"]);
});

describe.each([
  ["an administrator", ADMINISTRATOR],
  ["the account's root", ROOT_USER],
])("%s", (_, caller) => {
  test("cannot sign, and still administers the key", () => {
    expect(may(caller, "kms:Sign", keyArn)).toBe(false);
    for (const action of ["kms:GetPublicKey", "kms:PutKeyPolicy", "kms:DisableKey"]) {
      expect(may(caller, action, keyArn)).toBe(true);
    }
  });
});

test("of all roles in the stack, one may sign", () => {
  const signers = gatebook
    .ofType("AWS::IAM::Role")
    .filter(({ logicalId }) => may(gatebook.arnOf(logicalId), "kms:Sign", keyArn));
  expect(signers.map(({ logicalId }) => logicalId)).toEqual([expect.stringMatching(/^PublishingPublishRole/)]);
});

test("it is due each minute, and a minute that was missed is not made up for", () => {
  const { ScheduleExpression, target } = targetOf("PublishingMinutely");
  expect(ScheduleExpression).toBe("rate(1 minute)");
  expect(target.RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
});

test("the tail is sealed each day, and an attempt that failed is made again", () => {
  const { ScheduleExpression, target } = targetOf("PublishingDaily");
  expect(ScheduleExpression).toMatch(/^cron\(\d+ \d+ \* \* \? \*\)$/);
  expect(target.RetryPolicy).toBeUndefined();
  expect(gatebook.ofType("AWS::Lambda::EventInvokeConfig")).toEqual([]);
});

test.each([
  ["PublishingPublish", "PublishingCheckpointAlarm"],
  ["PublishingSeal", "PublishingSealAlarm"],
])("%s that keeps failing is told", (functionId, alarmId) => {
  const { logicalId } = gatebook.only("AWS::Lambda::Function", functionId);
  expect(gatebook.only("AWS::CloudWatch::Alarm", alarmId).Properties).toMatchObject({
    MetricName: "Errors",
    Namespace: "AWS/Lambda",
    Dimensions: [{ Name: "FunctionName", Value: logicalId }],
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
  });
});

test("the key is an output, under the name that `gatebook key` reads", () => {
  expect(JSON.parse(gatebook.text).Outputs.SigningKeyArn.Value).toEqual({ "Fn::GetAtt": [key.logicalId, "Arn"] });
});
