/** Templates that AWS would not deploy, or the local cloud cannot: each names the resource at fault. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cloudOf, emptyDirectory, functionOf, roleFor } from "./cloud-of.ts";

test.each<[string, object, string, string]>([
  [
    "an unknown type",
    { Type: "AWS::EC2::Instance" },
    "NOT_SUPPORTED",
    "Thing (AWS::EC2::Instance): resources of this type",
  ],
  ["a type that objects inherit", { Type: "toString" }, "NOT_SUPPORTED", "Thing (toString)"],
  [
    "a property that would change what happens",
    { Type: "AWS::S3::Bucket", Properties: { ReplicationConfiguration: { Role: "r" } } },
    "NOT_SUPPORTED",
    "not served locally: there is one region",
  ],
  [
    "a bucket that notifies a queue itself",
    { Type: "AWS::S3::Bucket", Properties: { NotificationConfiguration: { QueueConfigurations: [] } } },
    "NOT_SUPPORTED",
    "Thing (AWS::S3::Bucket): ✖ not served locally: set EventBridgeConfiguration and make a rule for the source aws.s3",
  ],
  [
    "a managed policy of unknown content",
    {
      Type: "AWS::IAM::Role",
      Properties: { AssumeRolePolicyDocument: {}, ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
    },
    "NOT_SUPPORTED",
    "AdministratorAccess",
  ],
  [
    "a runtime that is not Node's",
    functionOf("", "Role", { Runtime: "python3.13" }),
    "NOT_SUPPORTED",
    "Thing (AWS::Lambda::Function): ✖ Invalid option",
  ],
  [
    "a variable that Lambda reserves",
    functionOf("", "Role", { Environment: { Variables: { AWS_REGION: "x" } } }),
    "TEMPLATE_INVALID",
    "variables that Lambda refuses: AWS_REGION",
  ],
  [
    "variables over 4 KB",
    functionOf("", "Role", { Environment: { Variables: { LONG: "x".repeat(4_100) } } }),
    "TEMPLATE_INVALID",
    "over Lambda's 4 KB",
  ],
])("%s stops the start with the resource's name", async (_, Thing, code, message) => {
  const root = await emptyDirectory();
  await expect(cloudOf({ Resources: { Role: roleFor({}), Thing } }, root)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
  // Nothing is left running or locked.
  expect(await stat(join(root, ".gatebook", "cloud.lock")).catch(() => undefined)).toBeUndefined();
});
