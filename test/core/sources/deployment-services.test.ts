/** Calls of the services that deploy APIs, settings, web sites and platforms, and of those that share what lies in an account. */
import { expect, test } from "vitest";
import { cloudTrailAction } from "../../../lib/core/sources/cloudtrail/cloudtrail-action.ts";
import { readCloudTrailRecord } from "../../../lib/core/sources/cloudtrail/cloudtrail-schema.ts";

function actionOf(service: string, eventName: string): string {
  const eventSource = `${service}.amazonaws.com`;
  return cloudTrailAction(readCloudTrailRecord({ eventTime: "2026-11-24T10:00:04Z", eventSource, eventName }));
}

test.each([
  ["apigateway", "CreateDeployment", "deploy.start"],
  ["apigateway", "PutRestApi", "deploy.change"],
  ["appconfig", "StartDeployment", "deploy.start"],
  ["appconfig", "StopDeployment", "deploy.rollback"],
  ["appconfig", "CreateHostedConfigurationVersion", "deploy.change"],
  ["apprunner", "StartDeployment", "deploy.start"],
  ["apprunner", "UpdateService", "deploy.change"],
  ["amplify", "StartJob", "deploy.start"],
  ["amplify", "UpdateBranch", "deploy.change"],
  ["elasticbeanstalk", "CreateApplicationVersion", "artifact.publish"],
  ["elasticbeanstalk", "DeleteApplicationVersion", "artifact.delete"],
  ["elasticbeanstalk", "UpdateEnvironment", "deploy.change"],
  ["ram", "CreateResourceShare", "access.grant"],
  ["ram", "DisassociateResourceShare", "access.revoke"],
  ["ssm", "PutResourcePolicy", "access.policy"],
])("%s %s is %s", (service, eventName, action) => {
  expect(actionOf(service, eventName)).toBe(action);
});

test("a call of the same name elsewhere is none of them", () => {
  expect(["servicediscovery", "vpc-lattice", "datasync"].map((service) => actionOf(service, "UpdateService"))).toEqual([
    "other",
    "other",
    "other",
  ]);
});
