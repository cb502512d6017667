/** The template as a whole: it fits, it is nobody's in particular, and its reviewers' rules have no finding. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Stack, Validations } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { anchorIn, hasRunbook, runbookAnchors } from "./runbook.ts";
import { ROOT, synthesise } from "./synthesised-stack.ts";

/** CloudFormation's quotas. */
const MAX_TEMPLATE_BYTES = 1024 * 1024;
const MAX_RESOURCES = 500;
const MIN_REASON_CHARACTERS = 40;

const gatebook = synthesise();

test("fits CloudFormation's quotas", () => {
  expect(Buffer.byteLength(gatebook.text)).toBeLessThan(MAX_TEMPLATE_BYTES);
  expect(gatebook.resources.length).toBeLessThan(MAX_RESOURCES);
});

test("the AwsSolutions rules have no finding", () => {
  expect(new AwsSolutionsChecks(gatebook.app).validateScope(gatebook.stack).violations).toEqual([]);
});

test("the AwsSolutions rules would have found something", () => {
  const app = new App();
  const stack = new Stack(app, "Careless");
  new Bucket(stack, "Bucket");
  expect(new AwsSolutionsChecks(app).validateScope(stack).violations).not.toEqual([]);
});

const reasons = gatebook.stack.node
  .findAll()
  .flatMap(({ node }) => node.metadata)
  .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
  .flatMap(({ data }) => Object.entries<string>(data));

test("there are acknowledged findings", () => expect(reasons).not.toHaveLength(0));

test.each(reasons)("acknowledging %s has its reason", (_, reason) => {
  expect(reason.length).toBeGreaterThanOrEqual(MIN_REASON_CHARACTERS);
});

test.skipIf(!hasRunbook)("a reason sends nobody to a section that is not in the runbook", () => {
  const anchors = reasons.flatMap(([, reason]) => anchorIn(reason) ?? []);
  expect(anchors).not.toHaveLength(0);
  expect(runbookAnchors()).toEqual(expect.arrayContaining(anchors));
});

test("names nothing that two installations would fight over", () => {
  const names = gatebook.resources.flatMap(({ logicalId, Properties }) =>
    Object.keys(Properties ?? {})
      .filter((property) =>
        /^(BucketName|TableName|QueueName|TopicName|FunctionName|RoleName|LogGroupName|AlarmName|AliasName)$/.test(
          property,
        ),
      )
      .filter((property) => typeof Properties[property] === "string" && !isReference(Properties[property]))
      .map((property) => `${logicalId}.${property}`),
  );
  expect(names).toEqual([]);
});

test("names no account and no region", () => {
  expect(gatebook.text).not.toMatch(/\b\d{12}\b/);
  expect(gatebook.text).not.toMatch(/\b(us|eu|ap|sa|ca|me|af|il)-(north|south|east|west|central)[a-z]*-\d\b/);
  expect(gatebook.stack.account).toMatch(/^\$\{Token/);
});

test("holds no secret of its own", () => {
  for (const { Properties } of gatebook.ofType("AWS::SecretsManager::Secret")) {
    expect(Properties.SecretString).toBeUndefined();
  }
});

test("feature flags are in code, so that cdk.json cannot change the template", () => {
  expect(JSON.parse(readFileSync(join(ROOT, "cdk.json"), "utf8"))["context"]).toBeUndefined();
});

/** A mapping or a permission names its function by reference. */
function isReference(value: string): boolean {
  return value.startsWith("arn:") || gatebook.resources.some(({ logicalId }) => logicalId === value);
}
