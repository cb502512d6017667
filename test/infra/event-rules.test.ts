/** What EventBridge sends to the intake queue: every access, once, and none of the machinery's noise. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ACCESS_SERVICES } from "../../lib/core/sources/cloudtrail-access-actions.ts";
import { DELIVERY_SERVICES } from "../../lib/core/sources/cloudtrail-delivery-actions.ts";
import { compileEventPattern } from "../../lib/local/services/event-bridge/event-pattern.ts";
import { policiesOf } from "./policies.ts";
import { synthesise } from "./synthesised-stack.ts";

/** EventBridge's quota, which an account has to ask to have raised. */
const MAX_PATTERN_CHARACTERS = 2_048;
const ALL_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

const gatebook = synthesise();
const may = policiesOf(gatebook);
const rules = gatebook
  .ofType("AWS::Events::Rule")
  .filter(({ Properties }) => Properties.EventPattern !== undefined)
  .map(({ logicalId, Properties }) => {
    const pattern = JSON.stringify(Properties.EventPattern);
    return { logicalId, pattern, matches: compileEventPattern(pattern), state: Properties.State, Properties };
  });

interface BusEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The rules that EventBridge delivers an event for: read-only calls go to those alone that ask for them. */
function rulesFor(event: BusEvent): string[] {
  const isRead =
    event["detail-type"] === "AWS API Call via CloudTrail" &&
    /^(List|Get|Describe)/.test(String(event.detail["eventName"]));
  return rules
    .filter(({ state, matches }) => matches(event) && (state === ALL_EVENTS || (state === "ENABLED" && !isRead)))
    .map(({ logicalId }) => logicalId);
}

const DETAIL_TYPES: Readonly<Record<string, string>> = {
  AwsApiCall: "AWS API Call via CloudTrail",
  AwsServiceEvent: "AWS Service Event via CloudTrail",
  AwsConsoleAction: "AWS Console Action via CloudTrail",
  AwsConsoleSignIn: "AWS Console Sign In via CloudTrail",
};

// biome-ignore lint/suspicious/noExplicitAny: a fixture is an event of EventBridge or a record of CloudTrail.
function onTheBus(fixture: any): BusEvent {
  if ("detail-type" in fixture) return fixture;
  const service = String(fixture.eventSource).replace(/\.amazonaws\.com(\.cn)?$/, "");
  return {
    source: `aws.${service}`,
    "detail-type": DETAIL_TYPES[fixture.eventType] ?? `unknown: ${fixture.eventType}`,
    detail: fixture,
  };
}

function call(service: string, eventName: string, record: object = { eventCategory: "Management" }): BusEvent {
  const detail = { eventSource: `${service}.amazonaws.com`, eventName, eventType: "AwsApiCall", ...record };
  return onTheBus(detail);
}

const EVENTS = join(import.meta.dirname, "../events");
const fixtures = globSync("{cloudtrail,codepipeline,story}/*.json", { cwd: EVENTS }).sort();

test("there are fixtures to send", () => expect(fixtures.length).toBeGreaterThan(80));

test.each(fixtures)("%s goes to the queue, once", (file) => {
  expect(rulesFor(onTheBus(JSON.parse(readFileSync(join(EVENTS, file), "utf8"))))).toHaveLength(1);
});

test.each(["AWS Console Signin via CloudTrail", "AWS Console Sign In via CloudTrail"])(
  "a sign-in goes to the queue when it is called %s",
  (detailType) => {
    expect(rulesFor({ source: "aws.signin", "detail-type": detailType, detail: {} })).toHaveLength(1);
  },
);

describe.each(Object.entries({ ...DELIVERY_SERVICES, ...ACCESS_SERVICES }))("%s", (service, actions) => {
  // Reading the record is told by the trail's files: EventBridge would need all reads of each of these services.
  const names = Object.entries(actions).flatMap(([action, text]) => (action === "audit.read" ? [] : text.split(/\s+/)));

  test("each call with a meaning goes to the queue, once", () => {
    expect(names).not.toHaveLength(0);
    const notOnce = names.filter((name) => rulesFor(call(service, name)).length !== 1);
    expect(notOnce).toEqual([]);
  });
});

test("a record of a trail that does not yet tell categories goes to the queue", () => {
  expect(rulesFor(call("iam", "CreateUser", {}))).toHaveLength(1);
});

test.each([
  ["kms", "Decrypt"],
  ["kms", "GenerateDataKey"],
  ["logs", "CreateLogStream"],
  ["ssm", "UpdateInstanceInformation"],
  ["ssm", "DescribeParameters"],
  ["codepipeline", "PollForJobs"],
  ["codepipeline", "GetPipelineState"],
  ["ecs", "DescribeServices"],
  ["ecs", "SubmitTaskStateChange"],
  ["ecr", "UploadLayerPart"],
  ["ec2", "RunInstances"],
  ["dynamodb", "CreateTable"],
  ["secretsmanager", "ListSecrets"],
  ["sts", "GetCallerIdentity"],
])("%s %s is noise", (service, eventName) => expect(rulesFor(call(service, eventName))).toEqual([]));

test.each([
  ["s3", "PutObject"],
  ["s3", "GetObject"],
  ["sqs", "SendMessage"],
  ["sqs", "DeleteMessageBatch"],
  ["sns", "Publish"],
  ["lambda", "Invoke"],
])("recording does not record its own %s %s, whatever the trail logs", (service, eventName) => {
  expect(rulesFor(call(service, eventName, { eventCategory: "Data" }))).toEqual([]);
});

test("another application's events are none of ours", () => {
  expect(rulesFor({ source: "acme.shop", "detail-type": "Order Placed", detail: {} })).toEqual([]);
});

describe.each(rules)("the rule $logicalId", ({ logicalId, pattern, state, Properties }) => {
  const intake = gatebook.only("AWS::SQS::Queue", "IngestionIntakeQueue").logicalId;
  const deadLetters = gatebook.only("AWS::SQS::Queue", "IngestionIntakeDeadLetters").logicalId;

  test("delivers to the intake queue, or where an alarm looks", () => {
    expect(Properties.Targets).toEqual([
      {
        Id: "Target0",
        Arn: gatebook.arnOf(intake),
        DeadLetterConfig: { Arn: gatebook.arnOf(deadLetters) },
      },
    ]);
  });

  test.each([intake, deadLetters])("may send to %s, which no rule of somebody else may", (queue) => {
    const send = (rule: string) =>
      may("events.amazonaws.com", "sqs:SendMessage", gatebook.arnOf(queue), { "aws:SourceArn": rule });
    expect(send(gatebook.arnOf(logicalId))).toBe(true);
    expect(send("arn:aws:events:eu-west-1:999999999999:rule/theirs")).toBe(false);
  });

  test("has a pattern that EventBridge takes", () =>
    expect(pattern.length).toBeLessThanOrEqual(MAX_PATTERN_CHARACTERS));

  test("asks for read-only calls where, and only where, it names them", () => {
    const names: unknown[] = Properties.EventPattern.detail?.eventName ?? [];
    const namesReads = names.some((name) => typeof name === "string" && name.startsWith("Get"));
    expect(state).toBe(namesReads ? ALL_EVENTS : "ENABLED");
  });
});
