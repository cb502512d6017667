/** What is looked at again: noted by whoever records, settled by one function, and watched. */
import { expect, test } from "vitest";
import { policiesOf } from "./policies.ts";
import { anchorIn, runbookAnchors } from "./runbook.ts";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const may = policiesOf(gatebook);
const table = gatebook.only("AWS::DynamoDB::Table", "LookTable");
const functions = gatebook.ofType("AWS::Lambda::Function").map(({ Properties }) => ({
  name: Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME as string,
  role: Properties.Role as string,
  tableName: Properties.Environment.Variables.LOOK_TABLE as string | undefined,
}));
const whoMay = (action: string): string[] =>
  functions
    .filter(({ role }) => may(role, action, gatebook.arnOf(table.logicalId)))
    .map(({ name }) => name)
    .sort();

test("its keys are those that the adapter uses, and nothing that waits expires", () => {
  expect(table.Properties.KeySchema).toEqual([
    { AttributeName: "queue", KeyType: "HASH" },
    { AttributeName: "due", KeyType: "RANGE" },
  ]);
  expect(table.Properties.TimeToLiveSpecification).toBeUndefined();
  // A look costs the recorder one write unit.
  expect(table.Properties.GlobalSecondaryIndexes).toBeUndefined();
});

test("whoever appends notes, or finishes what another began to note, and the function that looks takes away", () => {
  const all = ["publish", "record", "second-look"];
  const knowing = functions.filter(({ tableName }) => tableName === table.logicalId).map(({ name }) => name);
  expect(knowing.sort()).toEqual(all);
  expect(whoMay("dynamodb:BatchWriteItem")).toEqual(all);
  expect(whoMay("dynamodb:Query")).toEqual(["second-look"]);
  expect(whoMay("dynamodb:DeleteItem")).toEqual(["second-look"]);
  for (const action of ["PutItem", "UpdateItem", "Scan", "DeleteTable", "UpdateTable"]) {
    expect(whoMay(`dynamodb:${action}`)).toEqual([]);
  }
});

test("what is due is looked at each minute by one function, which is watched", () => {
  const looker = gatebook.only("AWS::Lambda::Function", "SecondLookAgain");
  const { Properties: rule } = gatebook.only("AWS::Events::Rule", "SecondLookMinutely");
  expect(rule.ScheduleExpression).toBe("rate(1 minute)");
  expect(rule.Targets).toEqual([
    expect.objectContaining({
      Arn: gatebook.arnOf(looker.logicalId),
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
    }),
  ]);
  expect(looker.Properties.Timeout).toBeLessThan(60);
  const { Properties: alarm } = gatebook.only("AWS::CloudWatch::Alarm", "SecondLookFailureAlarm");
  expect(alarm.Dimensions).toEqual([{ Name: "FunctionName", Value: looker.logicalId }]);
  expect(alarm).toMatchObject({ MetricName: "Errors", Threshold: 1, EvaluationPeriods: 5 });
  expect(alarm.AlarmActions).toHaveLength(1);
  expect(runbookAnchors()).toContain(anchorIn(alarm.AlarmDescription));
});
