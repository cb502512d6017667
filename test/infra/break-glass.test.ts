/** Emergency access afterwards: who may explain it, what the functions may do, and that a look that fails is told. */
import { expect, test } from "vitest";
import { anchorIn, runbookAnchors } from "./runbook.ts";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();

test("IAM checks who calls the route", () => {
  const route = gatebook
    .ofType("AWS::ApiGatewayV2::Route")
    .find(({ Properties }) => Properties.RouteKey === "POST /v1/break-glass");
  expect(route?.Properties.AuthorizationType).toBe("AWS_IAM");
});

test("each hour what nobody has explained in time is looked for", () => {
  const rule = gatebook.only("AWS::Events::Rule", "BreakGlassHourly");
  expect(rule.Properties.ScheduleExpression).toBe("rate(1 hour)");
});

test("a look that fails raises an alarm that leads to the runbook", () => {
  const alarm = gatebook.only("AWS::CloudWatch::Alarm", "BreakGlassFailureAlarm");
  expect(runbookAnchors()).toContain(anchorIn(alarm.Properties.AlarmDescription));
});
