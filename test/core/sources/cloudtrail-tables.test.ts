/** Calls that the tables of CloudTrail's actions and resources know by name, where no recorded event stands for them. */
import { expect, test } from "vitest";
import { normaliseCloudTrail } from "../../../lib/core/sources/cloudtrail/cloudtrail.ts";
import { readCloudTrailRecord } from "../../../lib/core/sources/cloudtrail/cloudtrail-schema.ts";
import type { JsonObject } from "../../../lib/core/sources/json.ts";

function called(service: string, eventName: string, requestParameters: JsonObject | null) {
  const original: JsonObject = {
    eventTime: "2026-11-24T10:00:00Z",
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: "eu-west-1",
    recipientAccountId: "111122223333",
    requestParameters,
  };
  const record = readCloudTrailRecord(original);
  const { action, event } = normaliseCloudTrail({
    kind: "cloudtrail",
    raw: JSON.stringify(original),
    record,
    original,
  });
  return { action, resources: event.resources?.map(({ uid }) => uid) };
}

const ALARM = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:";

test.each([
  ["dynamodb", { tableName: "shop-orders" }, ["arn:aws:dynamodb:eu-west-1:111122223333:table/shop-orders"]],
  ["monitoring", { alarmName: "shop-errors" }, [`${ALARM}shop-errors`]],
  ["monitoring", { alarmNames: ["shop-errors", "shop-latency"] }, [`${ALARM}shop-errors`, `${ALARM}shop-latency`]],
  ["monitoring", { alarmNames: [7, "", null, {}] }, undefined],
  ["dynamodb", null, undefined],
])("a call to %s about %j touches %j", (service, parameters, resources) => {
  expect(called(service, "Change", parameters).resources).toEqual(resources);
});

test.each([
  ["lambda", "PutFunctionConcurrency20171031", "deploy.change"],
  ["lambda", "DeleteFunctionConcurrency20171031", "deploy.change"],
  ["cloudformation", "UpdateTerminationProtection", "access.policy"],
  ["organizations", "LeaveOrganization", "identity.remove"],
  ["organizations", "RemoveAccountFromOrganization", "identity.remove"],
])("%s %s means %s", (service, name, action) => {
  expect(called(service, name, null).action).toBe(action);
});
