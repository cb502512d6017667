/** Events through the local EventBridge, by AWS's own SDK. */
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  type RuleState,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, test } from "vitest";
import { AwsError } from "../../../lib/local/aws-service.ts";
import { grant, ROLE_KEY, type World } from "../gateway/world.ts";
import { entry, QUEUE, startBus } from "./event-bus.ts";

const DEAD_LETTERS = "arn:aws:sqs:eu-west-1:000000000000:dead-letters";

const apiCall = (eventName: string) => ({
  Source: "aws.secretsmanager",
  DetailType: "AWS API Call via CloudTrail",
  Detail: JSON.stringify({ eventName }),
});

describe("PutEvents", () => {
  test("has delivered the whole event to the rules that match when it answers", async () => {
    const { events, deliveries, putRule } = await startBus();
    await putRule({ source: ["gatebook"], detail: { level: ["high"] } });
    const Time = new Date("2026-01-02T03:04:05Z");
    const Entries = [{ ...entry({ level: "high" }), Time, Resources: ["arn:x"] }, entry({ level: "low" })];
    const answer = await events.send(new PutEventsCommand({ Entries }));
    expect(answer.FailedEntryCount).toBe(0);
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({ targetArn: QUEUE, rule: { name: "rule" }, target: { Id: "intake" } });
    expect(deliveries[0]?.event).toEqual({
      version: "0",
      id: answer.Entries?.[0]?.EventId,
      "detail-type": "Finding",
      source: "gatebook",
      account: "000000000000",
      time: "2026-01-02T03:04:05Z",
      region: "eu-west-1",
      resources: ["arn:x"],
      detail: { level: "high" },
    });
  });

  test("gives an event without a time the present one", async () => {
    const { events, deliveries, putRule } = await startBus();
    await putRule({ source: ["gatebook"] });
    await events.send(new PutEventsCommand({ Entries: [entry()] }));
    expect(deliveries[0]?.event).toMatchObject({ time: "2026-11-22T16:00:00Z" });
  });

  test("fails entries on their own, in AWS's words", async () => {
    const { events } = await startBus();
    const big = { ...entry(), Detail: JSON.stringify({ text: "x".repeat(256 * 1024) }) };
    const Entries = [
      entry(),
      { ...entry(), Detail: "{" },
      { ...entry(), Detail: "[]" },
      { ...entry(), Source: "" },
      big,
      { ...entry(), EventBusName: "missing" },
    ];
    const answer = await events.send(new PutEventsCommand({ Entries }));
    const codes = answer.Entries?.map(({ ErrorCode }) => ErrorCode);
    expect(codes).toEqual([
      undefined,
      "MalformedDetail",
      "MalformedDetail",
      "InvalidArgument",
      "InvalidArgument",
      "InvalidArgument",
    ]);
    expect(answer.FailedEntryCount).toBe(5);
  });

  test("takes ten entries and refuses eleven", async () => {
    const { events } = await startBus();
    await events.send(new PutEventsCommand({ Entries: Array.from({ length: 10 }, () => entry()) }));
    const eleven = events.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => entry()) }));
    await expect(eleven).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("lets the owner play AWS's services and nobody else", async () => {
    const { events, policies, client } = await startBus();
    expect((await events.send(new PutEventsCommand({ Entries: [apiCall("PutSecretValue")] }))).FailedEntryCount).toBe(
      0,
    );
    grant(policies, { Effect: "Allow", Action: "events:PutEvents", Resource: "*" });
    const role = new EventBridgeClient(client(ROLE_KEY));
    const answer = await role.send(new PutEventsCommand({ Entries: [apiCall("PutSecretValue"), entry()] }));
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual(["NotAuthorizedForSourceException", undefined]);
  });

  test("needs permission for the bus of each entry", async () => {
    const { events, policies, client } = await startBus();
    await events.send(new CreateEventBusCommand({ Name: "alerts" }));
    grant(policies, { Effect: "Allow", Action: "events:PutEvents", Resource: "arn:aws:events:*:*:event-bus/alerts" });
    const role = new EventBridgeClient(client(ROLE_KEY));
    await role.send(new PutEventsCommand({ Entries: [{ ...entry(), EventBusName: "alerts" }] }));
    const denied = role.send(new PutEventsCommand({ Entries: [{ ...entry(), EventBusName: "alerts" }, entry()] }));
    await expect(denied).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});

describe("CloudTrail's read-only calls", () => {
  test.each<[RuleState, string, number]>([
    ["ENABLED", "GetSecretValue", 0],
    ["ENABLED", "ListSecrets", 0],
    ["ENABLED", "DescribeSecret", 0],
    ["ENABLED", "PutSecretValue", 1],
    ["ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "GetSecretValue", 1],
    ["ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "PutSecretValue", 1],
    ["DISABLED", "PutSecretValue", 0],
  ])("reach a rule that is %s: %s %i times", async (state, eventName, times) => {
    const { events, deliveries, putRule } = await startBus();
    await putRule({ source: ["aws.secretsmanager"] }, state);
    await events.send(new PutEventsCommand({ Entries: [apiCall(eventName)] }));
    expect(deliveries).toHaveLength(times);
  });
});

describe("a target that does not accept", () => {
  test("is tried again until it does", async () => {
    let failures = 2;
    const { events, deliveries, putRule } = await startBus(async () => {
      if (failures-- > 0) throw new Error("busy");
    });
    await putRule({ source: ["gatebook"] });
    expect((await events.send(new PutEventsCommand({ Entries: [entry()] }))).FailedEntryCount).toBe(0);
    expect(deliveries).toHaveLength(3);
  });

  test("leaves the event in its dead-letter queue, with the reason", async () => {
    const { events, deliveries, putRule } = await startBus(async ({ targetArn }) => {
      if (targetArn === QUEUE) throw new AwsError("AccessDenied", 403, "no");
    });
    await putRule({ source: ["gatebook"] }, "ENABLED", { DeadLetterConfig: { Arn: DEAD_LETTERS } });
    expect((await events.send(new PutEventsCommand({ Entries: [entry()] }))).FailedEntryCount).toBe(0);
    expect(deliveries.map(({ targetArn }) => targetArn)).toEqual([QUEUE, DEAD_LETTERS]);
    expect(deliveries[1]?.event).toEqual(deliveries[0]?.event);
    expect(deliveries[1]?.deadLetter).toMatchObject({
      TARGET_ARN: QUEUE,
      ERROR_CODE: "AccessDenied",
      ERROR_MESSAGE: "no",
    });
  });

  test("and has no dead-letter queue fails the sender's entry: nothing is lost in silence", async () => {
    const { events, putRule } = await startBus(() => Promise.reject(new Error("gone")));
    await putRule({ source: ["gatebook"] }, "ENABLED", { RetryPolicy: { MaximumRetryAttempts: 0 } });
    const answer = await events.send(new PutEventsCommand({ Entries: [entry()] }));
    expect(answer.Entries).toMatchObject([
      { ErrorCode: "InternalFailure", ErrorMessage: expect.stringContaining("gone") },
    ]);
  });
});

describe("recorded events", () => {
  const recorded = {
    version: "0",
    id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.iam",
    account: "111122223333",
    time: "2026-10-01T00:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: { eventName: "CreateUser", awsRegion: "us-east-1" },
  };
  const put = (world: World, body: object, accessKeyId?: string) =>
    world.send("events", {
      method: "POST",
      headers: { "x-amz-target": "AWSEvents.PutRecordedEvents", "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify(body),
      ...(accessKeyId === undefined ? {} : { accessKeyId }),
    });

  test("keep their id, account, region and time", async () => {
    const bus = await startBus();
    await bus.putRule({ source: ["aws.iam"] });
    const answer = await put(bus, { Events: [recorded] });
    expect(await answer.json()).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: recorded.id }] });
    expect(bus.deliveries[0]?.event).toEqual(recorded);
  });

  test("are the owner's to put", async () => {
    const bus = await startBus();
    grant(bus.policies, { Effect: "Allow", Action: "events:*", Resource: "*" });
    const answer = await put(bus, { Events: [recorded] }, ROLE_KEY);
    expect(await answer.json()).toMatchObject({ __type: "AccessDeniedException" });
  });

  test("that are none fail on their own", async () => {
    const bus = await startBus();
    const answer = await put(bus, { Events: [{ ...recorded, detail: "text" }, recorded, 7] });
    expect(await answer.json()).toMatchObject({
      FailedEntryCount: 2,
      Entries: [{ ErrorCode: "InvalidArgument" }, {}, {}],
    });
  });
});
