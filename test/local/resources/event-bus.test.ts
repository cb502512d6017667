/** A bus of the template: its rules, who may put events on it, and that it goes when the template has it no longer. */
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test, vi } from "vitest";
import { LOCAL_OWNER_KEY } from "../../../lib/local/aws-service.ts";
import { settingsFor } from "../../../lib/local/clients.ts";
import { arnOf, cloudOf, functionOf, roleFor, type TestTemplate } from "./cloud-of.ts";

const PATIENCE = { timeout: 20_000, interval: 100 };

/** Says in its log what became of putting an event on the bus. */
const PUT = `
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
const events = new EventBridgeClient({});
export const handler = async () => {
  const entry = { Source: "shop", DetailType: "Order", Detail: "{}", EventBusName: process.env.BUS };
  const put = events.send(new PutEventsCommand({ Entries: [entry] }));
  console.log(await put.then(({ FailedEntryCount }) => "failed " + FailedEntryCount, (error) => error.name));
};`;

const policy = (StatementId: string, statement: object): object => ({
  Type: "AWS::Events::EventBusPolicy",
  Properties: { EventBusName: { Ref: "Bus" }, StatementId, Statement: statement },
});

const RULE = {
  Type: "AWS::Events::Rule",
  Properties: {
    EventBusName: { Ref: "Bus" },
    EventPattern: { source: ["shop"] },
    Targets: [{ Id: "Target0", Arn: arnOf("Queue") }],
  },
};

const BUS: TestTemplate["Resources"] = {
  Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "forwarded" } },
  Rule: RULE,
};

function template(more: TestTemplate["Resources"]): TestTemplate {
  const ofRule = { ArnLike: { "aws:SourceArn": "arn:aws:events:eu-west-1:000000000000:rule/forwarded/*" } };
  const send = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: "*",
  };
  return {
    Resources: {
      Queue: { Type: "AWS::SQS::Queue" },
      QueuePolicy: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: { Queues: [{ Ref: "Queue" }], PolicyDocument: { Statement: [{ ...send, Condition: ofRule }] } },
      },
      ...more,
    },
    Outputs: { Queue: { Value: { Ref: "Queue" } } },
  };
}

const entry = (EventBusName?: string) => ({
  Source: "shop",
  DetailType: "Order",
  Detail: "{}",
  ...(EventBusName && { EventBusName }),
});

test("an event on it goes where its rule leads, and one on the default bus does not", async () => {
  const { clients, cloud } = await cloudOf(template(BUS));
  const { FailedEntryCount } = await clients.events.send(
    new PutEventsCommand({ Entries: [entry("forwarded"), entry()] }),
  );
  expect(FailedEntryCount).toBe(0);
  const { Messages } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: cloud.outputs["Queue"], MaxNumberOfMessages: 10 }),
  );
  expect(Messages).toHaveLength(1);
});

test("goes, with its rules, when the template has it no longer", async () => {
  const first = await cloudOf(template(BUS));
  await first.cloud.close();
  const { clients, steps } = await cloudOf(template({}), `${first.directory}/..`);
  expect(steps.join("\n")).toMatch(/Event bus forwarded is not in the template any more: removed/);
  const { Entries } = await clients.events.send(new PutEventsCommand({ Entries: [entry("forwarded")] }));
  expect(Entries).toEqual([expect.objectContaining({ ErrorMessage: "Event bus forwarded does not exist." })]);
});

/** The role may put events nowhere by itself: the bus's policy has to allow it. */
async function putAsFunction(policies: TestTemplate["Resources"]): Promise<readonly string[]> {
  const { Resources, Outputs } = template({
    ...BUS,
    ...policies,
    Role: roleFor({}),
    Put: functionOf(PUT, "Role", { Environment: { Variables: { BUS: { Ref: "Bus" } } } }),
  });
  const { cloud, lines } = await cloudOf({ Resources, Outputs: { ...Outputs, Put: { Value: { Ref: "Put" } } } });
  const lambda = new LambdaClient(settingsFor(cloud.url, LOCAL_OWNER_KEY));
  onTestFinished(() => lambda.destroy());
  await lambda.send(new InvokeCommand({ FunctionName: cloud.outputs["Put"] }));
  await vi.waitFor(() => expect(lines.join("\n")).toMatch(/failed 0|AccessDenied/), PATIENCE);
  return lines;
}

const allow = (principal: unknown): object => ({
  Effect: "Allow",
  Principal: { AWS: principal },
  Action: "events:PutEvents",
  Resource: arnOf("Bus"),
});

test("each statement of its policy holds, whichever comes last", async () => {
  const lines = await putAsFunction({
    First: policy("First", allow(arnOf("Role"))),
    Second: policy("Second", allow("arn:aws:iam::444455556666:root")),
  });
  expect(lines.join("\n")).toContain("failed 0");
});

test("nobody puts events on it whom no statement allows to", async () => {
  const lines = await putAsFunction({ Only: policy("Only", allow("arn:aws:iam::444455556666:root")) });
  expect(lines.join("\n")).toContain("AccessDenied");
});
