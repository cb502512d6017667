/** The gate is there for everybody; what GitHub needs of it, only where gatebook.yml names its app. */
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { policiesOf } from "./policies.ts";
import { OWN_CONFIGURATION, type SynthesisedStack, synthesise } from "./synthesised-stack.ts";

const plain = synthesise();
const gitHub = synthesise(
  `${OWN_CONFIGURATION}\ngate: { github: { appId: "7", apiUrl: "https://github.acme.example/api/v3" } }\n`,
);

function variablesOf(stack: SynthesisedStack, service: string): Readonly<Record<string, string>> | undefined {
  return stack
    .ofType("AWS::Lambda::Function")
    .map(({ Properties }) => Properties.Environment.Variables)
    .find(({ POWERTOOLS_SERVICE_NAME }) => POWERTOOLS_SERVICE_NAME === service);
}

test("only IAM lets anybody in at its route", () => {
  const route = plain
    .ofType("AWS::ApiGatewayV2::Route")
    .find(({ Properties }) => Properties.RouteKey === "POST /v1/gate");
  expect(route?.Properties.AuthorizationType).toBe("AWS_IAM");
});

describe("without an app", () => {
  test("nothing is made for GitHub, and no webhook asks the gate", () => {
    expect(variablesOf(plain, "gate-github")).toBeUndefined();
    expect(variablesOf(plain, "receive")).toMatchObject({ GATE_QUEUE_URL: "" });
    expect(plain.text).not.toContain("GateRequests");
  });
});

describe("with an app", () => {
  const queue = gitHub.only("AWS::SQS::Queue", "GateRequestsQueue");
  const key = gitHub.only("AWS::SecretsManager::Secret", "GateGitHubKey");
  const may = policiesOf(gitHub);
  const roleOf = (service: string): string =>
    gitHub
      .ofType("AWS::Lambda::Function")
      .find(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === service)?.Properties.Role;

  test("webhooks are forwarded to the queue that the gate answers from", () => {
    expect(variablesOf(gitHub, "receive")).toMatchObject({ GATE_QUEUE_URL: queue.logicalId });
    expect(variablesOf(gitHub, "gate-github")).toMatchObject({
      GATE_QUEUE_URL: queue.logicalId,
      GITHUB_APP_ID: "7",
      GITHUB_API_URL: "https://github.acme.example/api/v3",
      GITHUB_KEY_ARN: gitHub.arnOf(key.logicalId),
    });
    for (const service of ["receive", "gate-github"])
      expect(may(roleOf(service), "sqs:SendMessage", gitHub.arnOf(queue.logicalId))).toBe(true);
  });

  test("its key outlives the stack, and is read by that function alone", () => {
    expect(key).toMatchObject({ DeletionPolicy: "Retain" });
    const readers = ["gate-github", "gate-api", "gate-codepipeline", "receive", "record"].filter((service) =>
      may(roleOf(service), "secretsmanager:GetSecretValue", gitHub.arnOf(key.logicalId)),
    );
    expect(readers).toEqual(["gate-github"]);
  });
});

test("each of its functions reads what the log is verified with, and none signs", () => {
  const may = policiesOf(gitHub);
  const key = gitHub.only("AWS::KMS::Key", "Publishing").logicalId;
  for (const service of ["gate-api", "gate-codepipeline", "gate-github"]) {
    const role = gitHub
      .ofType("AWS::Lambda::Function")
      .find(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === service)?.Properties.Role;
    expect(may(role, "kms:GetPublicKey", gitHub.arnOf(key))).toBe(true);
    expect(may(role, "kms:Sign", gitHub.arnOf(key))).toBe(false);
    expect(variablesOf(gitHub, service)).toMatchObject({ SIGNING_KEY_ARN: gitHub.arnOf(key) });
  }
});

test("the AwsSolutions rules have no finding", () => {
  expect(new AwsSolutionsChecks(gitHub.app).validateScope(gitHub.stack).violations).toEqual([]);
});
