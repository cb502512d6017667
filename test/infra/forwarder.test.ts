/** The forwarder: what it takes, where it may send it, and who hears of what did not get there. */
import { Stack } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { ForwarderStack, type ForwarderStackProps } from "../../lib/infra/forwarder-stack.ts";
import { addForwarders } from "../../lib/infra/forwarders.ts";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { ADMINISTRATOR, policiesOf } from "./policies.ts";
import { anchorIn, runbookAnchors } from "./runbook.ts";
import { withoutSigner } from "./signer.ts";
import { createApp, OWN_CONFIGURATION, readStack, type SynthesisedStack, synthesise } from "./synthesised-stack.ts";

const HOME = { account: "111122223333", region: "eu-central-1" };
const BUS = "arn:aws:events:eu-central-1:111122223333:event-bus/gatebook-acme-forwarded";
/** What CloudFormation takes as a text, without a bucket to fetch it from. */
const MAX_TEMPLATE_BYTES = 51_200;

function synthesiseForwarder(home = HOME, props: Partial<ForwarderStackProps> = {}): SynthesisedStack {
  const app = createApp();
  const emails = ["security@acme.example", "audit@acme.example"];
  return readStack(app, new ForwarderStack(app, "Forwarder", { organisation: "acme", home, emails, ...props }));
}

const forwarder = synthesiseForwarder();
const may = policiesOf(forwarder);
const rules = forwarder.ofType("AWS::Events::Rule");
const role = forwarder.arnOf(forwarder.only("AWS::IAM::Role", "Role").logicalId);
const undelivered = forwarder.arnOf(forwarder.only("AWS::SQS::Queue", "Undelivered").logicalId);

test("takes what the main stack takes, by the same patterns in the same states", () => {
  const keyed = ({ ofType }: SynthesisedStack) =>
    ofType("AWS::Events::Rule")
      .filter(({ Properties }) => Properties.EventPattern !== undefined)
      .map(({ Properties: { Description, EventPattern, State } }) =>
        withoutSigner(JSON.stringify({ Description, EventPattern, State })),
      )
      .filter((text) => text.includes("aws."))
      .sort();
  expect(keyed(forwarder)).toEqual(keyed(synthesise()));
  expect(keyed(forwarder)).not.toHaveLength(0);
});

test("takes the trail's log files where gatebook.yml names their bucket, as the main stack does from its bus", () => {
  const patternsOf = ({ ofType }: SynthesisedStack) =>
    ofType("AWS::Events::Rule")
      .filter(({ Properties }) => JSON.stringify(Properties.EventPattern ?? {}).includes("acme-org-trail"))
      .map(({ Properties }) => Properties.EventPattern);
  const home = `home: { account: "111122223333", region: eu-central-1 }`;
  const sources = ["sources:", home, "cloudtrailBucket: acme-org-trail"].join("\n  ");
  const [own, forwarded] = patternsOf(synthesise(OWN_CONFIGURATION.replace(/^sources:$/m, sources)));
  expect(own).toBeDefined();
  expect(own).toEqual(forwarded);
  expect(patternsOf(synthesiseForwarder(HOME, { logBucket: "acme-org-trail" }))).toEqual([own]);
});

test.each(rules)(
  "$logicalId sends to Gatebook's bus as the role, and what fails where an alarm looks",
  ({ Properties }) => {
    expect(Properties.Targets).toEqual([
      { Id: "Target0", Arn: BUS, RoleArn: role, DeadLetterConfig: { Arn: undelivered } },
    ]);
  },
);

test("the role is EventBridge's, and may put events on that bus and nothing else", () => {
  expect(forwarder.ofType("AWS::IAM::Role").map(({ Properties }) => Properties)).toEqual([
    {
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "events.amazonaws.com" } }],
      },
    },
  ]);
  expect(forwarder.ofType("AWS::IAM::Policy").flatMap(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual(
    [{ Effect: "Allow", Action: "events:PutEvents", Resource: BUS }],
  );
  expect(may(role, "events:PutEvents", BUS)).toBe(true);
  expect(may(role, "events:PutEvents", BUS.replace("acme", "other"))).toBe(false);
});

test("the rules may put what was not delivered into the queue, no rule of somebody else may, and nobody without TLS", () => {
  const send = (rule: string) => may("events.amazonaws.com", "sqs:SendMessage", undelivered, { "aws:SourceArn": rule });
  expect(rules.map(({ logicalId }) => send(forwarder.arnOf(logicalId)))).not.toContain(false);
  expect(send("arn:aws:events:eu-west-1:999999999999:rule/theirs")).toBe(false);
  expect(may(ADMINISTRATOR, "sqs:ReceiveMessage", undelivered, { "aws:SecureTransport": "false" })).toBe(false);
});

test("what was not delivered is kept for as long as SQS can, encrypted, and outlives the stack", () => {
  expect(forwarder.only("AWS::SQS::Queue", "Undelivered")).toMatchObject({
    DeletionPolicy: "Retain",
    Properties: { MessageRetentionPeriod: 14 * 24 * 3_600, SqsManagedSseEnabled: true },
  });
});

describe("the alarm", () => {
  const alarm = forwarder.only("AWS::CloudWatch::Alarm", "Undelivered").Properties;
  const topic = forwarder.arnOf(forwarder.only("AWS::SNS::Topic", "Topic").logicalId);

  test("goes off at the first event that was not delivered", () => {
    expect(alarm).toMatchObject({
      MetricName: "ApproximateNumberOfMessagesVisible",
      Statistic: "Maximum",
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 1,
      TreatMissingData: "notBreaching",
    });
    expect(`${alarm.Dimensions[0].Value}`).toMatch(/^Undelivered.*QueueName$/);
  });

  test("mails everybody who gets alerts", () => {
    expect(alarm.AlarmActions).toEqual([topic]);
    const subscribed = forwarder.ofType("AWS::SNS::Subscription").map(({ Properties }) => Properties.Endpoint);
    expect(subscribed.sort()).toEqual(["audit@acme.example", "security@acme.example"]);
    const publish = (account: string) =>
      may("cloudwatch.amazonaws.com", "sns:Publish", topic, {
        "aws:SourceAccount": account,
        "aws:SourceArn": `arn:aws:cloudwatch:${LOCAL_REGION}:${account}:alarm:any`,
      });
    expect([publish(LOCAL_ACCOUNT), publish("999999999999")]).toEqual([true, false]);
  });

  test("says what to do about it", () => expect(runbookAnchors()).toContain(anchorIn(alarm.AlarmDescription)));
});

test("at home it is idle: the default bus has rules that lead into the intake queue", () => {
  const atHome = synthesiseForwarder({ account: LOCAL_ACCOUNT, region: LOCAL_REGION });
  const states = new Set(atHome.ofType("AWS::Events::Rule").map(({ Properties }) => Properties.State));
  expect(states).toEqual(new Set(["DISABLED"]));
  const nextDoor = synthesiseForwarder({ account: LOCAL_ACCOUNT, region: "us-east-1" });
  expect(nextDoor.ofType("AWS::Events::Rule").map(({ Properties }) => Properties.State)).not.toContain("DISABLED");
});

test("needs neither bootstrapping nor assets, and fits into a call, as a StackSet's template has to", () => {
  const { Parameters, Rules, Conditions } = JSON.parse(forwarder.text);
  expect([Parameters, Rules, Object.keys(Conditions)]).toEqual([undefined, undefined, ["Elsewhere"]]);
  expect(forwarder.text).not.toContain("cdk-hnb659fds");
  expect(Buffer.byteLength(forwarder.text)).toBeLessThan(MAX_TEMPLATE_BYTES);
});

test("the AwsSolutions rules have no finding", () => {
  expect(new AwsSolutionsChecks(forwarder.app).validateScope(forwarder.stack).violations).toEqual([]);
});

describe("the app", () => {
  const stacksOf = (sources: string) => {
    const app = createApp();
    const minimal = "organisation: acme\nalerts: { email: [security@acme.example] }\n";
    addForwarders(app, parseConfiguration(minimal + sources, "gatebook.yml"));
    return app.node.children.filter(Stack.isStack);
  };

  test("has no forwarder until gatebook.yml says where home is", () => expect(stacksOf("")).toEqual([]));

  test("has one for the global services, at home's account in us-east-1, and one for wherever it is deployed", () => {
    const stacks = stacksOf('sources: { home: { account: "111122223333", region: eu-central-1 } }');
    expect(stacks.map(({ stackName, environment }) => [stackName, environment])).toEqual([
      ["Gatebook-Forwarder", "aws://111122223333/us-east-1"],
      ["Gatebook-Member", "aws://unknown-account/unknown-region"],
    ]);
  });

  test("has none for the global services where home hears of them itself", () => {
    const stacks = stacksOf('sources: { home: { account: "111122223333", region: us-east-1 } }');
    expect(stacks.map(({ stackName }) => stackName)).toEqual(["Gatebook-Member"]);
  });
});
