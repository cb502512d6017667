/** Each function finds in its environment what its schema asks for. */
import { describe, expect, test } from "vitest";
import * as env from "../../functions/env.ts";
import { OWN_CONFIGURATION, synthesise } from "./synthesised-stack.ts";

const WITH_BUCKET = OWN_CONFIGURATION.replace(/^sources:\n/m, "sources:\n  cloudtrailBucket: acme-trail\n");
const gatebook = synthesise(`${WITH_BUCKET}\ngate: { github: { appId: "7" } }\n`);
const SCHEMAS = {
  receive: env.ReceiveEnv,
  events: env.EventsEnv,
  import: env.ImportEnv,
  record: env.RecordEnv,
  correlate: env.CorrelateEnv,
  "second-look": env.SecondLookEnv,
  publish: env.PublishEnv,
  seal: env.SealEnv,
  log: env.LogEnv,
  notify: env.NotifyEnv,
  digest: env.DigestEnv,
  review: env.ReviewEnv,
  campaign: env.CampaignEnv,
  reviews: env.ReviewsEnv,
  "gate-api": env.GateApiEnv,
  "gate-codepipeline": env.GateCodePipelineEnv,
  "gate-github": env.GateGitHubEnv,
  grants: env.GrantsEnv,
  "close-grants": env.CloseGrantsEnv,
  "break-glass": env.BreakGlassEnv,
  "overdue-break-glass": env.OverdueBreakGlassEnv,
};
const functions = gatebook.ofType("AWS::Lambda::Function");

test("each schema has its function, and each function its schema", () => {
  expect(functions.map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME).sort()).toEqual(
    Object.keys(SCHEMAS).sort(),
  );
  // Six more: for what all functions share, all that send to the intake queue, all that append to the log, all of the gate, all about emergency access,
  // and the witness's own stack.
  expect(Object.keys(env)).toHaveLength(Object.keys(SCHEMAS).length + 6);
});

describe.each(Object.entries(SCHEMAS))("%s", (name, schema) => {
  const found = functions.find(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === name);
  const variables: Record<string, string> = found?.Properties.Environment.Variables ?? {};

  test("has a variable for each key of its schema, and none that it does not read", () => {
    const expected = { ...env.PowertoolsEnv.shape, ...schema.shape };
    expect(Object.keys(variables).sort()).toEqual(Object.keys(expected).sort());
  });

  test("can parse them", () => {
    expect(() => env.PowertoolsEnv.parse(variables)).not.toThrow();
    expect(() => schema.parse(variables)).not.toThrow();
  });

  test("uses no name that Lambda keeps for itself", () => {
    expect(Object.keys(variables).filter((variable) => /^(AWS_|LAMBDA_|_)/.test(variable))).toEqual([]);
  });

  test("runs on Node 24, traced, with a log group of its own", () => {
    expect(found?.Properties).toMatchObject({ Runtime: "nodejs24.x", TracingConfig: { Mode: "Active" } });
    const logGroups = gatebook.ofType("AWS::Logs::LogGroup").map(({ logicalId }) => logicalId);
    expect(logGroups).toContain(found?.Properties.LoggingConfig.LogGroup);
  });
});

test("each webhook source has a secret, and receive knows where", () => {
  const receive = gatebook.only("AWS::Lambda::Function", "IngestionReceive").Properties.Environment.Variables;
  const secret = gatebook.only("AWS::SecretsManager::Secret", "Ingestion");
  expect(JSON.parse(receive.WEBHOOK_SECRET_ARNS)).toEqual({ github: gatebook.arnOf(secret.logicalId) });
  expect(secret.Properties.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(32);
});

test("the API and our rules may invoke a function, and nobody else", () => {
  for (const { Properties } of gatebook.ofType("AWS::Lambda::Permission")) {
    expect(["apigateway.amazonaws.com", "events.amazonaws.com"]).toContain(Properties.Principal);
    expect(Properties.SourceArn).toMatch(/^arn:aws:/);
  }
});
