/** Rules, targets, buses and schedules of the local EventBridge, by AWS's own SDK. */
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, test } from "vitest";
import { AwsError } from "../../../lib/local/aws-service.ts";
import { entry, QUEUE, startBus } from "./event-bus.ts";

describe("rules", () => {
  test("are listed, described and found again after a restart", async () => {
    const first = await startBus();
    await first.putRule({ source: ["gatebook"] });
    const second = await startBus(undefined, first.directory);
    const rule = await second.events.send(new DescribeRuleCommand({ Name: "rule" }));
    expect(rule).toMatchObject({ Arn: "arn:aws:events:eu-west-1:000000000000:rule/rule", State: "ENABLED" });
    expect((await second.events.send(new ListRulesCommand({ NamePrefix: "ru" }))).Rules).toHaveLength(1);
    expect((await second.events.send(new ListRulesCommand({ NamePrefix: "x" }))).Rules).toHaveLength(0);
    const { Targets } = await second.events.send(new ListTargetsByRuleCommand({ Rule: "rule" }));
    expect(Targets).toEqual([{ Id: "intake", Arn: QUEUE }]);
  });

  test("keep their targets when they are put again, and go only without any", async () => {
    const { events, putRule } = await startBus();
    await putRule({ source: ["gatebook"] });
    await events.send(new PutRuleCommand({ Name: "rule", EventPattern: '{"source": ["other"]}' }));
    const withTargets = events.send(new DeleteRuleCommand({ Name: "rule" }));
    await expect(withTargets).rejects.toMatchObject({ name: "ValidationException" });
    await events.send(new RemoveTargetsCommand({ Rule: "rule", Ids: ["intake"] }));
    await events.send(new DeleteRuleCommand({ Name: "rule" }));
    const gone = events.send(new DescribeRuleCommand({ Name: "rule" }));
    await expect(gone).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("of a bus of one's own see its events only", async () => {
    const { events, deliveries } = await startBus();
    await events.send(new CreateEventBusCommand({ Name: "alerts" }));
    const { Arn } = await events.send(new DescribeEventBusCommand({ Name: "alerts" }));
    const where = { EventBusName: "alerts" };
    await events.send(new PutRuleCommand({ Name: "all", EventPattern: '{"source": ["gatebook"]}', ...where }));
    await events.send(
      new PutTargetsCommand({ Rule: "all", Targets: [{ Id: "1", Arn: QUEUE, Input: '{"n":1}' }], ...where }),
    );
    await events.send(new PutEventsCommand({ Entries: [entry(), { ...entry(), ...(Arn && { EventBusName: Arn }) }] }));
    expect(deliveries.map(({ rule, event }) => [rule.arn, event])).toEqual([
      ["arn:aws:events:eu-west-1:000000000000:rule/alerts/all", { n: 1 }],
    ]);
  });

  test("go with their bus, which is not listed any more, and the default bus cannot go", async () => {
    const { events } = await startBus();
    await events.send(new CreateEventBusCommand({ Name: "alerts" }));
    await events.send(new PutRuleCommand({ Name: "all", EventPattern: '{"source": ["x"]}', EventBusName: "alerts" }));
    const names = async () => (await events.send(new ListEventBusesCommand({}))).EventBuses?.map(({ Name }) => Name);
    expect(await names()).toEqual(["default", "alerts"]);
    await events.send(new DeleteEventBusCommand({ Name: "alerts" }));
    expect(await names()).toEqual(["default"]);
    await events.send(new CreateEventBusCommand({ Name: "alerts" }));
    expect((await events.send(new ListRulesCommand({ EventBusName: "alerts" }))).Rules).toEqual([]);
    const deletion = events.send(new DeleteEventBusCommand({ Name: "default" }));
    await expect(deletion).rejects.toMatchObject({ name: "ValidationException" });
  });

  test.each([
    [{ EventPattern: '{"source": [{"contains": "x"}]}' }, "InvalidEventPatternException"],
    [{ ScheduleExpression: "rate(1 minutes)" }, "ValidationException"],
    [{}, "ValidationException"],
  ])("%j is refused", async (input, name) => {
    const { events } = await startBus();
    await expect(events.send(new PutRuleCommand({ Name: "bad", ...input }))).rejects.toMatchObject({ name });
  });

  test.each([
    [{ InputPath: "$.detail" }, "InputPath"],
    [{ InputTransformer: { InputTemplate: "<x>" } }, "InputTransformer"],
    [{ KinesisParameters: { PartitionKeyPath: "$.id" } }, "KinesisParameters"],
  ])("a target with %j is not implemented rather than delivered otherwise", async (parameters, named) => {
    const { putRule } = await startBus();
    await expect(putRule({ source: ["gatebook"] }, "ENABLED", parameters)).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining(named),
    });
  });
});

describe("schedules", () => {
  test("of the enabled rules send the scheduled event of their time", async () => {
    const { events, service, deliveries } = await startBus();
    await events.send(new PutRuleCommand({ Name: "minute", ScheduleExpression: "rate(1 minute)" }));
    await events.send(new PutTargetsCommand({ Rule: "minute", Targets: [{ Id: "1", Arn: QUEUE }] }));
    await events.send(new PutRuleCommand({ Name: "off", ScheduleExpression: "rate(1 minute)", State: "DISABLED" }));
    const [schedule, ...others] = service.schedules();
    expect(others).toEqual([]);
    expect(schedule?.expression).toBe("rate(1 minute)");
    await schedule?.run(Date.parse("2026-11-22T16:01:00Z"));
    expect(deliveries[0]?.event).toMatchObject({
      source: "aws.events",
      "detail-type": "Scheduled Event",
      time: "2026-11-22T16:01:00Z",
      resources: ["arn:aws:events:eu-west-1:000000000000:rule/minute"],
      detail: {},
    });
  });

  test("tell whoever runs them that a target was not reached", async () => {
    const { events, service } = await startBus(() => Promise.reject(new AwsError("AccessDenied", 403, "no")));
    await events.send(new PutRuleCommand({ Name: "minute", ScheduleExpression: "rate(1 minute)" }));
    await events.send(new PutTargetsCommand({ Rule: "minute", Targets: [{ Id: "1", Arn: QUEUE }] }));
    await expect(service.schedules()[0]?.run(0)).rejects.toThrow("did not reach");
  });
});
