/** The bus for events of other regions and accounts: who may put them there, and that they are recorded like those at home. */
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { policiesOf } from "./policies.ts";
import { withoutSigner } from "./signer.ts";
import { OWN_CONFIGURATION, type SynthesisedStack, synthesise } from "./synthesised-stack.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html */
const SQS_QUOTAS = { bytes: 8_192, conditions: 10, statements: 20 };
const ORGANISATION = "o-abcdefghij";
const NAME = "gatebook-acme-forwarded";

function withSources(...lines: readonly string[]): string {
  const home = `home: { account: "111122223333", region: eu-central-1 }`;
  return OWN_CONFIGURATION.replace(/^sources:$/m, ["sources:", home, ...lines].join("\n  "));
}

const gatebook = synthesise(
  withSources(`organisationId: ${ORGANISATION}`, 'accounts: ["444455556666", "777788889999"]'),
);
const may = policiesOf(gatebook);
const bus = gatebook.only("AWS::Events::EventBus", "Forwarded");
const intake = gatebook.arnOf(gatebook.only("AWS::SQS::Queue", "IngestionIntakeQueue").logicalId);
const deadLetters = gatebook.arnOf(gatebook.only("AWS::SQS::Queue", "IngestionIntakeDeadLetters").logicalId);
const rulesOn = (eventBus: string | undefined) =>
  gatebook
    .ofType("AWS::Events::Rule")
    .filter(({ Properties }) => Properties.EventBusName === eventBus && Properties.EventPattern !== undefined);

test("has the name that the forwarders know", () => expect(bus.Properties.Name).toBe(NAME));

test("has the rules of the default bus, in the same states, and one queue for both", () => {
  const pairs = (rules: ReturnType<typeof rulesOn>) =>
    rules.map(({ Properties: { Description, EventPattern, State, Targets } }) =>
      withoutSigner(
        JSON.stringify({ Description, EventPattern, State, to: [Targets[0].Arn, Targets[0].DeadLetterConfig.Arn] }),
      ),
    );
  const forwarded = pairs(rulesOn(bus.logicalId));
  expect(forwarded).not.toHaveLength(0);
  expect(pairs(rulesOn(undefined))).toEqual(expect.arrayContaining(forwarded));
});

describe("who may put events there", () => {
  const put = (conditions: Readonly<Record<string, string>>) =>
    may("arn:aws:iam::444455556666:role/forwarder", "events:PutEvents", gatebook.arnOf(bus.logicalId), conditions);

  test("a rule of an account of the organisation", () => {
    expect(put({ "aws:PrincipalOrgID": ORGANISATION, "events:eventBusInvocation": "true" })).toBe(true);
  });

  test("nobody who calls PutEvents, since their events need not be AWS's", () => {
    expect(put({ "aws:PrincipalOrgID": ORGANISATION, "events:eventBusInvocation": "false" })).toBe(false);
    expect(put({ "aws:PrincipalOrgID": ORGANISATION })).toBe(false);
  });

  test("nobody of another organisation, or of none", () => {
    expect(put({ "aws:PrincipalOrgID": "o-zzzzzzzzzz", "events:eventBusInvocation": "true" })).toBe(false);
    expect(put({ "events:eventBusInvocation": "true" })).toBe(false);
  });

  test("a rule of an account that gatebook.yml names", () => {
    const [named, ...more] = gatebook
      .ofType("AWS::Events::EventBusPolicy")
      .map(({ Properties }) => Properties.Statement)
      .filter(({ Condition }) => Condition.StringEquals["aws:PrincipalOrgID"] === undefined);
    expect(more).toEqual([]);
    expect(named).toMatchObject({
      Effect: "Allow",
      Action: "events:PutEvents",
      Principal: { AWS: ["arn:aws:iam::444455556666:root", "arn:aws:iam::777788889999:root"] },
      Condition: { StringEquals: { "events:eventBusInvocation": "true" } },
    });
  });

  test("nobody where gatebook.yml names neither organisation nor accounts: home needs no leave", () => {
    const alone = synthesise(withSources());
    expect(alone.only("AWS::Events::EventBus", "Forwarded").Properties.Name).toBe(NAME);
    expect(alone.ofType("AWS::Events::EventBusPolicy")).toEqual([]);
  });
});

test.each([intake, deadLetters])("its rules may send to %s, and no rule of another bus or account may", (queue) => {
  const send = (rule: string) => may("events.amazonaws.com", "sqs:SendMessage", queue, { "aws:SourceArn": rule });
  expect(send(`arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:rule/${NAME}/any`)).toBe(true);
  expect(send(`arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:rule/theirs/any`)).toBe(false);
  expect(send(`arn:aws:events:${LOCAL_REGION}:999999999999:rule/${NAME}/any`)).toBe(false);
});

describe.each([
  ["with it", gatebook],
  ["without it", synthesise()],
])("%s", (_, stack: SynthesisedStack) => {
  test.each(stack.ofType("AWS::SQS::QueuePolicy"))("$logicalId fits SQS's quotas", ({ Properties }) => {
    const statements: { Condition?: Record<string, Record<string, string | string[]>> }[] =
      Properties.PolicyDocument.Statement;
    const conditions = statements.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys));
    expect(statements.length).toBeLessThanOrEqual(SQS_QUOTAS.statements);
    expect(conditions.length).toBeLessThanOrEqual(SQS_QUOTAS.conditions);
    expect(Buffer.byteLength(JSON.stringify(Properties.PolicyDocument))).toBeLessThan(SQS_QUOTAS.bytes);
  });
});

test("is not there until gatebook.yml says where home is", () => {
  const buses = synthesise().ofType("AWS::Events::EventBus", "AWS::Events::EventBusPolicy");
  expect(buses.filter(({ logicalId }) => logicalId.startsWith("Forwarded"))).toEqual([]);
});

test("the AwsSolutions rules have no finding", () => {
  expect(new AwsSolutionsChecks(gatebook.app).validateScope(gatebook.stack).violations).toEqual([]);
});
