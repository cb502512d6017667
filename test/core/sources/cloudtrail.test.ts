/** CloudTrail records: action, principal, resources and trace of each fixture. */
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { fixtureBody, fixtureNames, gist, normalised } from "./fixtures.ts";

const BUILD = "8745a7a9-c340-456a-9166-edf953571bea";
const EXECUTION = "3b1f0c52-6a0e-4d0b-9a55-0f6e6a3d9b10";
const ACCOUNT = "111122223333";
const ANA = `arn:aws:iam::${ACCOUNT}:user/ana`;
const BO = `arn:aws:iam::${ACCOUNT}:user/bo`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const DEPLOY_ROLE = `arn:aws:iam::${ACCOUNT}:role/shop-deploy`;
const OIDC = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
const PIPELINE = arn("codepipeline", "shop-release");

type Expectation = readonly [action: string, who: string, resources: readonly string[], trace?: string];

const EXPECTED: Readonly<Record<string, Expectation>> = {
  approve: ["pipeline.approve", BO, [`${PIPELINE}/Approve/ReleaseApproval`, PIPELINE]],
  "approve-denied": ["pipeline.approve", ANA, [`${PIPELINE}/Approve/ReleaseApproval`]],
  "assume-role": ["access.assume", ANA, [DEPLOY_ROLE, session("shop-deploy/ana")]],
  "assume-role-by-service": [
    "access.assume",
    "codepipeline.amazonaws.com",
    [`arn:aws:iam::${ACCOUNT}:role/shop-pipeline`, session("shop-pipeline/1795428000000")],
  ],
  "assume-role-with-saml": [
    "access.assume",
    "SAMLUser:Exampl3NameQualifier=:ana@acme.example",
    [`arn:aws:iam::${ACCOUNT}:role/release`, `arn:aws:iam::${ACCOUNT}:saml-provider/acme`],
  ],
  "assume-role-with-web-identity": [
    "access.assume",
    `WebIdentityUser:${OIDC}:sts.amazonaws.com:repo:acme/shop:ref:refs/heads/main`,
    [`arn:aws:iam::${ACCOUNT}:role/shop-publish`, session("shop-publish/GitHubActions"), OIDC],
  ],
  "assumed-role-chain": ["secret.read", session("shop-deploy/ana"), [arn("secretsmanager", "secret:shop/prod/db")]],
  "attach-role-policy": [
    "access.grant",
    session("AWSReservedSSO_Administrator_0123456789abcdef/ana@acme.example"),
    [DEPLOY_ROLE, "arn:aws:iam::aws:policy/AdministratorAccess"],
  ],
  "call-after-web-identity": [
    "access.policy",
    session("shop-publish/GitHubActions"),
    ["arn:aws:s3:::acme-shop-artifacts"],
  ],
  "console-login": ["access.sign-in", ANA, []],
  "console-login-by-eventbridge": ["access.sign-in", ANA, []],
  "console-login-failed": ["access.sign-in", ANA, []],
  "console-login-identity-center": [
    "access.sign-in",
    session("AWSReservedSSO_ReadOnly_0123456789abcdef/bo@acme.example"),
    [],
  ],
  "console-login-root": ["access.sign-in", ROOT, []],
  "console-login-unknown-user": ["access.sign-in", "IAMUser:HIDDEN_DUE_TO_SECURITY_REASONS", []],
  "console-login-without-mfa": ["access.sign-in", BO, []],
  "create-access-key": ["credential.create", ANA, [BO]],
  "create-deployment": [
    "deploy.start",
    session("shop-pipeline/release"),
    [arn("codedeploy", "deploymentgroup:shop/production"), arn("codedeploy", "application:shop")],
    "codedeploy:d-EXAMPLE111",
  ],
  "deactivate-access-key": ["credential.delete", ANA, [BO]],
  "deactivate-mfa": ["access.mfa", ROOT, [BO, `arn:aws:iam::${ACCOUNT}:mfa/bo`]],
  "delete-detector": ["audit.tamper", BO, [arn("guardduty", "detector/12abc34d567e8fa901bc2d34e56789f0")]],
  "delete-log-group": ["audit.tamper", BO, [arn("logs", "log-group:/aws/codebuild/shop-build")]],
  "delete-trail-denied": ["audit.tamper", BO, [arn("cloudtrail", "trail/acme-org-trail")]],
  "disable-rule": ["audit.tamper", BO, [arn("events", "rule/gatebook-codepipeline")]],
  "get-parameter": ["secret.read", ANA, [arn("ssm", "parameter/shop/prod/token")]],
  "get-secret-by-arn": ["secret.read", ANA, [arn("secretsmanager", "secret:shop/prod/db-AbCdEf")]],
  "git-push": ["source.push", ANA, [arn("codecommit", "shop")], "commit:5f1c0d8a4be24a6f9c5f6b1de0a7c1f2a3b4c5d6"],
  "override-approval-rules": ["pipeline.bypass", BO, []],
  "override-condition": ["pipeline.bypass", ANA, [`${PIPELINE}/Deploy`, PIPELINE], EXECUTION],
  "put-bucket-policy-govcloud": [
    "access.policy",
    `arn:aws-us-gov:iam::${ACCOUNT}:user/bo`,
    ["arn:aws-us-gov:s3:::acme-shop-artifacts"],
  ],
  "put-image": ["artifact.publish", session("shop-build/AWSCodeBuild-8745a7a9"), [arn("ecr", "repository/shop")]],
  reject: ["pipeline.reject", BO, [`${PIPELINE}/Approve/ReleaseApproval`, PIPELINE]],
  "retry-stage": ["pipeline.retry", ANA, [`${PIPELINE}/Deploy`, PIPELINE], EXECUTION],
  "rollback-stage": ["deploy.rollback", ANA, [`${PIPELINE}/Deploy`, PIPELINE], EXECUTION],
  "rotate-key-service-event": [
    "secret.rotate",
    "kms.amazonaws.com",
    [arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")],
  ],
  "schedule-key-deletion": ["secret.delete", BO, [arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")]],
  "set-queue-attributes": ["other", ANA, [arn("sqs", "shop-releases")]],
  "start-build": [
    "build.start",
    ANA,
    [arn("codebuild", "project/shop-build"), arn("codebuild", `build/shop-build:${BUILD}`)],
    `codebuild:${BUILD}`,
  ],
  "start-pipeline": ["pipeline.start", ANA, [PIPELINE], EXECUTION],
  "stop-configuration-recorder": ["audit.tamper", BO, []],
  "stop-logging": ["audit.tamper", BO, [arn("cloudtrail", "trail/acme-org-trail")]],
  "stop-pipeline": ["pipeline.stop", ANA, [PIPELINE], EXECUTION],
  "switch-role": ["access.assume", ANA, [DEPLOY_ROLE]],
  "update-function-code": [
    "deploy.change",
    session("shop-deploy/shop-release-3b1f0c52"),
    [arn("lambda", "function:shop-checkout")],
  ],
  "update-pipeline": ["pipeline.edit", BO, [PIPELINE]],
  "update-project": ["build.edit", ANA, [arn("codebuild", "project/shop-build")]],
  "update-service": ["deploy.change", BO, [arn("ecs", "service/shop/checkout"), arn("ecs", "cluster/shop")]],
  "update-stack": [
    "deploy.change",
    session("shop-deploy/ana"),
    [
      arn("cloudformation", "stack/shop-production"),
      arn("cloudformation", "stack/shop-production/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0"),
    ],
  ],
};

test("every fixture has an expectation", () => {
  expect(fixtureNames("cloudtrail")).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))("%s", (name, [action, who, resources, trace]) => {
  const seen = gist("cloudtrail", name);
  expect({ action: seen.action, who: seen.who, resources: seen.resources, trace: seen.trace }).toEqual({
    action,
    who,
    resources,
    trace,
  });
});

describe("the outcome of a call", () => {
  const REFUSED = ["approve-denied", "console-login-failed", "console-login-unknown-user", "delete-trail-denied"];

  test("those that were refused fail, and all others succeed", () => {
    const failed = fixtureNames("cloudtrail").filter((name) => normalised("cloudtrail", name).event.status_id !== 1);
    expect(failed).toEqual(REFUSED);
  });

  test("a denied call keeps its action, and fails with AWS's code and message", () => {
    expect(normalised("cloudtrail", "delete-trail-denied")).toMatchObject({
      action: "audit.tamper",
      event: {
        status_id: 2,
        status: "Failure",
        status_code: "AccessDenied",
        status_detail: "User is not authorized to perform: cloudtrail:DeleteTrail",
        api: { response: { error: "AccessDenied" } },
      },
    });
  });

  test("a sign-in fails by its response element", () => {
    expect(normalised("cloudtrail", "console-login-failed").event).toMatchObject({ class_uid: 3002, status_id: 2 });
    expect(normalised("cloudtrail", "console-login").event).toMatchObject({
      class_uid: 3002,
      status_id: 1,
      is_mfa: true,
    });
  });
});

describe("where a call came from", () => {
  test.each([
    ["192.0.2.1", { ip: "192.0.2.1" }],
    ["2001:db8::1", { ip: "2001:db8::1" }],
    ["codepipeline.amazonaws.com", { svc_name: "codepipeline.amazonaws.com", domain: "codepipeline.amazonaws.com" }],
    ["AWS Internal", { svc_name: "AWS Internal" }],
    ["035.249.253.232", { svc_name: "035.249.253.232" }],
    ["0000:0000:0000:0000:0000:ffff:192.168.100.228", { svc_name: "0000:0000:0000:0000:0000:ffff:192.168.100.228" }],
  ])("%s", (sourceIPAddress, endpoint) => {
    const record = { ...JSON.parse(fixtureBody("cloudtrail", "start-build")), sourceIPAddress };
    expect(normalise(parseMessage(JSON.stringify(record))).event.src_endpoint).toEqual(endpoint);
  });
});

test("the key that an AssumeRole call hands out is kept, to link the session to its later calls", () => {
  expect(normalised("cloudtrail", "assume-role").event.unmapped).toEqual({ issued_credential: "ASIAEXAMPLENIGHT0001" });
});

test.each([
  "AWS Console Sign In via CloudTrail",
  "AWS Console Signin via CloudTrail",
  "AWS Console Sign-in via CloudTrail",
])("%s carries a CloudTrail record", (spelling) => {
  const body = fixtureBody("cloudtrail", "console-login-by-eventbridge").replace(
    "AWS Console Sign In via CloudTrail",
    spelling,
  );
  expect(normalise(parseMessage(body)).action).toBe("access.sign-in");
});

test("a record that somebody else puts into an event of theirs is not CloudTrail's word", () => {
  const body = fixtureBody("cloudtrail", "console-login-by-eventbridge").replace('"aws.signin"', '"com.mallory"');
  const { event, action, granted } = normalise(parseMessage(body));
  expect({ who: event.actor?.user?.uid, action, granted }).toEqual({
    who: "service:com.mallory",
    action: "other",
    granted: { by: "service" },
  });
});

test("a record keeps its place when nothing but its time, service and name can be read", () => {
  const record = { eventTime: "2026-11-24T10:00:00Z", eventSource: "sts.amazonaws.com", eventName: "AssumeRole" };
  const broken = { userIdentity: 7, resources: "none", requestParameters: "{}", responseElements: [], errorCode: {} };
  expect(normalise(parseMessage(JSON.stringify({ ...record, ...broken })))).toMatchObject({
    action: "access.assume",
    granted: { by: "unknown" },
    event: { actor: { user: { uid: "unknown" } }, src_endpoint: { name: "unknown" } },
  });
});

test("an insight is CloudTrail's own event", () => {
  const insight = {
    eventVersion: "1.09",
    eventTime: "2026-11-24T10:00:00Z",
    eventType: "AwsCloudTrailInsight",
    eventID: "5f1c0d8a-0000-4000-8000-000000000001",
    awsRegion: "eu-west-1",
    insightDetails: { state: "Start", eventSource: "sts.amazonaws.com", eventName: "AssumeRole" },
  };
  expect(normalise(parseMessage(JSON.stringify(insight))).event.api?.operation).toBe("AwsCloudTrailInsight");
});

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:eu-west-1:${ACCOUNT}:${resource}`;
}

function session(name: string): string {
  return `arn:aws:sts::${ACCOUNT}:assumed-role/${name}`;
}
