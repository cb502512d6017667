/** Roles for a while: who may read and change them, and what their end may change in AWS. */
import { expect, test } from "vitest";
import { policiesOf } from "./policies.ts";
import { anchorIn, runbookAnchors } from "./runbook.ts";
import { OWN_CONFIGURATION, synthesise } from "./synthesised-stack.ts";

const DEPLOY_ROLE = "arn:aws:iam::111122223333:role/shop-deploy";
const gatebook = synthesise();
const table = gatebook.arnOf(gatebook.only("AWS::DynamoDB::Table", "GrantTable").logicalId);

function whoMay(stack: typeof gatebook, action: string, resource: string): string[] {
  const may = policiesOf(stack);
  return stack
    .ofType("AWS::Lambda::Function")
    .filter(({ Properties }) => may(Properties.Role as string, action, resource))
    .map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME as string)
    .toSorted();
}

test("its keys are those that the adapter uses, and it stays when the stack goes", () => {
  const { Properties, DeletionPolicy } = gatebook.only("AWS::DynamoDB::Table", "GrantTable");
  expect(Properties.KeySchema).toEqual([
    { AttributeName: "kind", KeyType: "HASH" },
    { AttributeName: "id", KeyType: "RANGE" },
  ]);
  expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: "expires", Enabled: true });
  expect(DeletionPolicy).toBe("Retain");
});

test("whoever decides about accesses and releases reads grants, two functions change them, and nobody deletes one", () => {
  const readers = ["close-grants", "gate-api", "gate-codepipeline", "grants", "record", "second-look"];
  expect(whoMay(gatebook, "dynamodb:Query", table)).toEqual(readers);
  expect(whoMay(gatebook, "dynamodb:PutItem", table)).toEqual(["close-grants", "grants"]);
  for (const action of ["DeleteItem", "UpdateItem", "BatchWriteItem", "DeleteTable"]) {
    expect(whoMay(gatebook, `dynamodb:${action}`, table)).toEqual([]);
  }
});

test("IAM checks who calls the route", () => {
  const route = gatebook
    .ofType("AWS::ApiGatewayV2::Route")
    .find(({ Properties }) => Properties.RouteKey === "POST /v1/grants");
  expect(route?.Properties.AuthorizationType).toBe("AWS_IAM");
});

test("no trust policy can be changed, unless gatebook.yml says so, and then those of its deploy roles alone", () => {
  expect(whoMay(gatebook, "iam:UpdateAssumeRolePolicy", DEPLOY_ROLE)).toEqual([]);
  const enforcing = synthesise(`${OWN_CONFIGURATION}\ngrants: { enforce: trust-policy }\n`);
  expect(whoMay(enforcing, "iam:UpdateAssumeRolePolicy", DEPLOY_ROLE)).toEqual(["close-grants"]);
  expect(whoMay(enforcing, "iam:GetRole", DEPLOY_ROLE)).toEqual(["close-grants"]);
  expect(whoMay(enforcing, "iam:UpdateAssumeRolePolicy", "arn:aws:iam::111122223333:role/admin")).toEqual([]);
  expect(whoMay(enforcing, "iam:PutRolePolicy", DEPLOY_ROLE)).toEqual([]);
});

test("grants that cannot be ended raise an alarm that leads to the runbook", () => {
  const alarm = gatebook.only("AWS::CloudWatch::Alarm", "GrantsFailureAlarm");
  expect(runbookAnchors()).toContain(anchorIn(alarm.Properties.AlarmDescription));
});
