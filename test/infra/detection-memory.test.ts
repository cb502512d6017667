/** What detections remember: a table that forgets by itself, that the recorder adds to, and that one function judges what waits in. */
import { expect, test } from "vitest";
import { policiesOf } from "./policies.ts";
import { anchorIn, runbookAnchors } from "./runbook.ts";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const may = policiesOf(gatebook);
const table = gatebook.only("AWS::DynamoDB::Table", "RecordingDetections");
const functions = gatebook.ofType("AWS::Lambda::Function").map(({ Properties }) => ({
  name: Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME as string,
  role: Properties.Role as string,
  tableName: Properties.Environment.Variables.DETECTION_TABLE as string | undefined,
}));
const whoMay = (action: string, below = ""): string[] =>
  functions
    .filter(({ role }) => may(role, action, `${gatebook.arnOf(table.logicalId)}${below}`))
    .map(({ name }) => name)
    .sort();

test("its keys are those that the adapter uses, and buckets expire", () => {
  expect(table.Properties.KeySchema).toEqual([
    { AttributeName: "key", KeyType: "HASH" },
    { AttributeName: "bucket", KeyType: "RANGE" },
  ]);
  expect(table.Properties.TimeToLiveSpecification).toEqual({ AttributeName: "expires", Enabled: true });
});

test("what waits to be judged is an index of its own, of keys alone", () => {
  expect(table.Properties.GlobalSecondaryIndexes).toEqual([
    {
      IndexName: "byDue",
      KeySchema: [
        { AttributeName: "waits", KeyType: "HASH" },
        { AttributeName: "due", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ]);
});

test("the recorder and the function that judges know it and write to it, and nobody takes anything away", () => {
  const both = ["correlate", "record"];
  const knowing = functions.filter(({ tableName }) => tableName === table.logicalId).map(({ name }) => name);
  expect(knowing.sort()).toEqual(both);
  expect(whoMay("dynamodb:UpdateItem")).toEqual(both);
  expect(whoMay("dynamodb:BatchGetItem")).toEqual(both);
  for (const action of ["Query", "PutItem", "DeleteItem", "BatchWriteItem", "Scan", "DeleteTable", "UpdateTable"]) {
    expect(whoMay(`dynamodb:${action}`)).toEqual([]);
  }
  expect(whoMay("dynamodb:Query", "/index/byDue")).toEqual(["correlate"]);
});

test("what waits is judged each minute by one function, which is watched", () => {
  const judge = gatebook.only("AWS::Lambda::Function", "CorrelatingCorrelate");
  const { Properties: rule } = gatebook.only("AWS::Events::Rule", "CorrelatingMinutely");
  expect(rule.ScheduleExpression).toBe("rate(1 minute)");
  expect(rule.Targets).toEqual([
    expect.objectContaining({
      Arn: gatebook.arnOf(judge.logicalId),
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
    }),
  ]);
  expect(judge.Properties.Timeout).toBeLessThan(60);
  const { Properties: alarm } = gatebook.only("AWS::CloudWatch::Alarm", "CorrelatingFailureAlarm");
  expect(alarm.Dimensions).toEqual([{ Name: "FunctionName", Value: judge.logicalId }]);
  expect(alarm).toMatchObject({ MetricName: "Errors", Threshold: 1, EvaluationPeriods: 5 });
  expect(alarm.AlarmActions).toHaveLength(1);
  expect(runbookAnchors()).toContain(anchorIn(alarm.AlarmDescription));
});
