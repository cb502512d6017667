/** What EventBridge sends to the intake queue: every access, once, and none of the machinery's noise. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ACCESS_SERVICES } from "../../lib/core/sources/cloudtrail/cloudtrail-access-actions.ts";
import { DELIVERY_SERVICES } from "../../lib/core/sources/cloudtrail/cloudtrail-delivery-actions.ts";
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
/** Told by services themselves, and no access: what a command's state is, an object added, or taken away as its bucket's owner arranged. */
const NOT_COLLECTED = ["command-status-changed", "object-created", "object-expired"].map(
  (name) => `rotation/${name}.json`,
);
const SOURCES = "{cloudtrail,codebuild,codecommit,codedeploy,codepipeline,ecr,rotation,signin,story}";
const fixtures = globSync(`${SOURCES}/*.json`, { cwd: EVENTS })
  .filter((file) => !NOT_COLLECTED.includes(file))
  .sort();

test("there are fixtures to send", () => expect(fixtures.length).toBeGreaterThan(80));

test.each(fixtures)("%s goes to the queue, once", (file) => {
  expect(rulesFor(onTheBus(JSON.parse(readFileSync(join(EVENTS, file), "utf8"))))).toHaveLength(1);
});

test.each(NOT_COLLECTED)("%s does not go to the queue", (file) => {
  expect(rulesFor(onTheBus(JSON.parse(readFileSync(join(EVENTS, file), "utf8"))))).toEqual([]);
});

test("a console action of a service that tells its own events goes to the queue, once", () => {
  const detailType = "AWS Console Action via CloudTrail";
  expect(rulesFor({ source: "aws.codepipeline", "detail-type": detailType, detail: {} })).toHaveLength(1);
});

test.each([
  ["aws.kms", "KMS CMK Rotation"],
  ["aws.secretsmanager", "Secret Label Updated"],
  ["aws.ssm", "Parameter Store Policy Action"],
  ["aws.s3", "Object ACL Updated"],
])("%s: %s goes to the queue, once, and nobody else's event of that name does", (source, detailType) => {
  expect(rulesFor({ source, "detail-type": detailType, detail: {} })).toHaveLength(1);
  expect(rulesFor({ source: "acme.shop", "detail-type": detailType, detail: {} })).toEqual([]);
});

test("Gatebook's own buckets tell EventBridge nothing", () => {
  for (const { logicalId, Properties } of gatebook.ofType("AWS::S3::Bucket")) {
    expect([logicalId, Properties.NotificationConfiguration]).toEqual([logicalId, undefined]);
  }
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

describe("a signature by a key of KMS", () => {
  const signedBy = (userIdentity: object): string[] =>
    rulesFor(call("kms", "Sign", { eventCategory: "Management", userIdentity }));
  const sessionOf = (arn: string) => ({
    type: "AssumedRole",
    sessionContext: { sessionIssuer: { type: "Role", arn } },
  });
  const publisher = gatebook.only("AWS::Lambda::Function", "PublishingPublish").Properties.Role;

  test("is not recorded where the log's own publisher made it: the entry would call for the next signature", () => {
    expect(signedBy(sessionOf(publisher))).toEqual([]);
  });

  test.each([
    ["another role", sessionOf(`${publisher}-too`)],
    ["a user", { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/ana" }],
    ["the root", { type: "Root", arn: "arn:aws:iam::111122223333:root", sessionContext: { attributes: {} } }],
    ["a service", { type: "AWSService", invokedBy: "dnssec-route53.amazonaws.com" }],
  ])("is recorded, once, where %s made it", (_, identity) => expect(signedBy(identity)).toHaveLength(1));

  test("whatever else the publisher does to a key is recorded", () => {
    const userIdentity = sessionOf(publisher);
    expect(rulesFor(call("kms", "PutKeyPolicy", { eventCategory: "Management", userIdentity }))).toHaveLength(1);
  });
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
