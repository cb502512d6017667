/** The witness's stack: its key signs for one function alone, what it remembers outlives it, and somebody hears of a contradiction. */
import { Stack } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import * as env from "../../functions/env.ts";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { readWitnessedLogs } from "../../lib/core/configuration/read-witnesses.ts";
import { formatVerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import { addWitness } from "../../lib/infra/witness-stack.ts";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { LOG_NAME, logSigner, witnessSigner } from "../core/evidence/test-signers.ts";
import { ADMINISTRATOR, policiesOf, ROOT_USER } from "./policies.ts";
import { anchorIn, runbookAnchors } from "./runbook.ts";
import { createApp, readStack, synthesise } from "./synthesised-stack.ts";

const MINIMAL = "organisation: acme\nalerts: { email: [security@acme.example, audit@acme.example] }\n";
const LOG_KEY = formatVerifierKey(logSigner.key);
const WITNESSED = `${MINIMAL}witness:\n  logs: [{ origin: ${LOG_NAME}, key: "${LOG_KEY}" }]\n`;

function stacksOf(text: string) {
  const app = createApp();
  addWitness(app, parseConfiguration(text, "gatebook.yml"));
  return { app, stacks: app.node.children.filter(Stack.isStack) };
}

function synthesiseWitness() {
  const { app, stacks } = stacksOf(WITNESSED);
  const [stack] = stacks;
  if (stack === undefined) throw new Error("there is no witness");
  return readStack(app, stack);
}

const witness = synthesiseWitness();
const may = policiesOf(witness);
const key = witness.only("AWS::KMS::Key", "Signing");
const keyArn = witness.arnOf(key.logicalId);
const role = witness.arnOf(witness.only("AWS::IAM::Role", "WitnessCosign").logicalId);
const trees = witness.only("AWS::DynamoDB::Table", "Trees");

test("the app has it when gatebook.yml names logs, for whatever account it is deployed to", () => {
  expect(stacksOf(MINIMAL).stacks).toEqual([]);
  expect(witness.stack.stackName).toBe("Gatebook-Witness");
  expect(witness.stack.environment).toBe("aws://unknown-account/unknown-region");
});

test("the AwsSolutions rules have no finding", () => {
  expect(new AwsSolutionsChecks(witness.app).validateScope(witness.stack).violations).toEqual([]);
});

describe("the key", () => {
  test("makes plain Ed25519, and stays when the stack goes", () => {
    expect(key.Properties).toMatchObject({ KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" });
    expect([key.DeletionPolicy, key.UpdateReplacePolicy]).toEqual(["Retain", "Retain"]);
  });

  test("signs for its function, and neither for an administrator nor for root", () => {
    expect([role, ADMINISTRATOR, ROOT_USER].map((caller) => may(caller, "kms:Sign", keyArn))).toEqual([
      true,
      false,
      false,
    ]);
    const signers = witness
      .ofType("AWS::IAM::Role")
      .filter(({ logicalId }) => may(witness.arnOf(logicalId), "kms:Sign", keyArn));
    expect(signers).toHaveLength(1);
  });
});

describe("what it cosigned last", () => {
  test("outlives the stack, can be restored, and cannot be deleted by mistake", () => {
    expect([trees.DeletionPolicy, trees.UpdateReplacePolicy]).toEqual(["Retain", "Retain"]);
    expect(trees.Properties).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test("is read and put by the function, and neither updated nor deleted", () => {
    const arn = witness.arnOf(trees.logicalId);
    const actions = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "DeleteTable"];
    expect(actions.map((action) => may(role, `dynamodb:${action}`, arn))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

test("the API has the protocol's route and the key's, throttled and logged", () => {
  const routes = witness.ofType("AWS::ApiGatewayV2::Route").map(({ Properties }) => Properties.RouteKey);
  expect(routes.sort()).toEqual(["GET /", "POST /add-checkpoint"]);
  const [stage] = witness.ofType("AWS::ApiGatewayV2::Stage");
  expect(stage?.Properties.DefaultRouteSettings).toEqual({ ThrottlingBurstLimit: 20, ThrottlingRateLimit: 10 });
  expect(stage?.Properties.AccessLogSettings.DestinationArn).toMatch(/ApiLogs/);
});

test("the function finds what it reads in its environment, and a name that no other account's witness has", () => {
  const [found] = witness.ofType("AWS::Lambda::Function");
  const variables = found?.Properties.Environment.Variables;
  expect(Object.keys(variables).sort()).toEqual(
    Object.keys({ ...env.PowertoolsEnv.shape, ...env.WitnessEnv.shape }).sort(),
  );
  const { WITNESSED_LOGS, WITNESS_NAME } = env.WitnessEnv.parse(variables);
  expect(readWitnessedLogs(JSON.parse(WITNESSED_LOGS))).toEqual([{ origin: LOG_NAME, key: logSigner.key }]);
  expect(WITNESS_NAME).toBe(`gatebook.acme/${LOCAL_ACCOUNT}/${LOCAL_REGION}/witness`);
});

describe("alarms", () => {
  const alarms = witness.ofType("AWS::CloudWatch::Alarm").map(({ Properties }) => Properties);
  const topic = witness.arnOf(witness.only("AWS::SNS::Topic", "Topic").logicalId);

  test("go off at the first contradiction, and when it does not answer", () => {
    expect(alarms.map(({ Namespace, MetricName }) => [Namespace, MetricName]).sort()).toEqual([
      ["AWS/ApiGateway", "5xx"],
      ["Gatebook", "LogContradicted"],
    ]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ Threshold: 0, EvaluationPeriods: 1, ComparisonOperator: "GreaterThanThreshold" });
    }
  });

  test("mail everybody who gets alerts, and say what to do", () => {
    const subscribed = witness.ofType("AWS::SNS::Subscription").map(({ Properties }) => Properties.Endpoint);
    expect(subscribed.sort()).toEqual(["audit@acme.example", "security@acme.example"]);
    for (const { AlarmActions, AlarmDescription } of alarms) {
      expect(AlarmActions).toEqual([topic]);
      expect(runbookAnchors()).toContain(anchorIn(AlarmDescription));
    }
    const conditions = {
      "aws:SourceAccount": LOCAL_ACCOUNT,
      "aws:SourceArn": `arn:aws:cloudwatch:${LOCAL_REGION}:${LOCAL_ACCOUNT}:alarm:any`,
    };
    expect(may("cloudwatch.amazonaws.com", "sns:Publish", topic, conditions)).toBe(true);
  });
});

describe("the main stack", () => {
  const alarmOf = (text: string) =>
    synthesise(text)
      .ofType("AWS::CloudWatch::Alarm")
      .filter(({ Properties }) => Properties.MetricName === "CosignatureMissing");

  test("tells publishing whom to ask, and watches that they cosign", () => {
    const witnesses = [{ url: "https://w1.example", key: formatVerifierKey(witnessSigner.key) }];
    const text = `${MINIMAL}evidence: { witnesses: [{ url: "https://w1.example", key: "${witnesses[0]?.key}" }] }\n`;
    const { WITNESSES } = synthesise(text).only("AWS::Lambda::Function", "PublishingPublish").Properties.Environment
      .Variables;
    expect(JSON.parse(WITNESSES)).toEqual(witnesses);
    const [alarm] = alarmOf(text);
    expect(alarm?.Properties.Dimensions).toEqual([{ Name: "service", Value: "publish" }]);
    expect(runbookAnchors()).toContain(anchorIn(alarm?.Properties.AlarmDescription));
  });

  test("has no such alarm where nobody is asked", () => expect(alarmOf(MINIMAL)).toEqual([]));
});
