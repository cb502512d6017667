/** Access reviews: who may decide, when they are opened, and that a look that fails is told. */
import { expect, test } from "vitest";
import { anchorIn, runbookAnchors } from "./runbook.ts";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();

test("IAM checks who calls the route", () => {
  const route = gatebook
    .ofType("AWS::ApiGatewayV2::Route")
    .find(({ Properties }) => Properties.RouteKey === "POST /v1/reviews");
  expect(route?.Properties.AuthorizationType).toBe("AWS_IAM");
});

test("each day they are looked at, and a look that the schedule could not start is put aside", () => {
  const rule = gatebook.only("AWS::Events::Rule", "CampaignsRule");
  expect(rule.Properties.ScheduleExpression).toBe("cron(25 5 * * ? *)");
  const deadLetters = gatebook.arnOf(gatebook.only("AWS::SQS::Queue", "IngestionIntakeDeadLetters").logicalId);
  expect(rule.Properties.Targets).toMatchObject([{ DeadLetterConfig: { Arn: deadLetters } }]);
});

test("a look that fails raises an alarm that leads to the runbook", () => {
  const alarm = gatebook.only("AWS::CloudWatch::Alarm", "CampaignsFailureAlarm");
  expect(runbookAnchors()).toContain(anchorIn(alarm.Properties.AlarmDescription));
});
