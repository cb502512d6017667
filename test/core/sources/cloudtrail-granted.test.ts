/** How access was granted, as CloudTrail's identities and attributes tell it. */
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { fixtureBody, gist, normalised } from "./fixtures.ts";

const ROLE = "arn:aws:iam::111122223333:role";
const OIDC = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const SSO_PATH = `${ROLE}/aws-reserved/sso.amazonaws.com/eu-west-1`;

test.each([
  ["start-build", { by: "access-key" }],
  ["start-pipeline", { by: "console", mfa: true }],
  ["get-secret-by-arn", { by: "access-key", mfa: false }],
  ["console-login", { by: "console", mfa: true }],
  ["console-login-without-mfa", { by: "console", mfa: false }],
  ["console-login-root", { by: "root", mfa: false }],
  ["deactivate-mfa", { by: "root", mfa: true }],
  ["switch-role", { by: "console", mfa: true }],
  ["assume-role-by-service", { by: "service" }],
  ["rotate-key-service-event", { by: "service" }],
  ["create-deployment", { by: "service", chain: ["release", `${ROLE}/shop-pipeline`] }],
  ["put-image", { by: "assumed-role", mfa: false, chain: ["AWSCodeBuild-8745a7a9", `${ROLE}/shop-build`] }],
  ["assumed-role-chain", { by: "assumed-role", mfa: false, chain: ["ana", `${ROLE}/shop-deploy`, "ana"] }],
  [
    "attach-role-policy",
    {
      by: "identity-center",
      subject: "ana@acme.example",
      chain: ["ana@acme.example", `${SSO_PATH}/AWSReservedSSO_Administrator_0123456789abcdef`],
    },
  ],
  [
    "console-login-identity-center",
    {
      by: "identity-center",
      subject: "bo@acme.example",
      chain: ["bo@acme.example", `${SSO_PATH}/AWSReservedSSO_ReadOnly_0123456789abcdef`],
    },
  ],
  [
    "assume-role-with-web-identity",
    { by: "federation", provider: OIDC, subject: "repo:acme/shop:ref:refs/heads/main" },
  ],
  [
    "call-after-web-identity",
    {
      by: "federation",
      provider: OIDC,
      subject: "repo:acme/shop:ref:refs/heads/main",
      chain: ["GitHubActions", `${ROLE}/shop-publish`],
    },
  ],
  [
    "assume-role-with-saml",
    { by: "federation", provider: "arn:aws:iam::111122223333:saml-provider/acme", subject: "ana@acme.example" },
  ],
])("%s", (name, means) => {
  expect(gist("cloudtrail", name).means).toEqual(means);
});

test("a role that only has the name of one of Identity Center's lends nobody its session's name", () => {
  const record = JSON.parse(fixtureBody("cloudtrail", "attach-role-policy"));
  record.userIdentity.sessionContext.sessionIssuer.arn = `${ROLE}/AWSReservedSSO_Administrator_0123456789abcdef`;
  const { granted } = normalise(parseMessage(JSON.stringify(record)));
  expect(granted).toMatchObject({ by: "assumed-role" });
  expect(granted.subject).toBeUndefined();
});

test("address, agent and credential are told as they are", () => {
  expect(normalised("cloudtrail", "assume-role").granted).toEqual({
    by: "access-key",
    credential: "AKIAEXAMPLEANA000001",
    sourceAddress: "203.0.113.77",
    userAgent: "aws-cli/2.31.18 md/awscrt#0.27.6 ua/2.1 os/linux#6.12 lang/python#3.13.9 md/pyimpl#CPython",
  });
});

describe("a user's console and a user's key", () => {
  test.each([
    [
      "a long-lived key is no console, whatever its agent claims",
      { accessKeyId: "AKIAX", userAgent: "console.amazonaws.com" },
      "access-key",
    ],
    ["temporary keys with a console's agent", { accessKeyId: "ASIAX", userAgent: "[S3Console/0.4]" }, "console"],
    ["temporary keys in a browser", { accessKeyId: "ASIAX", userAgent: "Mozilla/5.0" }, "console"],
    ["temporary keys elsewhere", { accessKeyId: "ASIAX", userAgent: "aws-cli/2.31.18" }, "access-key"],
    ["called by the console", { accessKeyId: "ASIAX", userAgent: "x", invokedBy: "signin.amazonaws.com" }, "console"],
    [
      "called by a service on the user's behalf",
      { accessKeyId: "AKIAX", userAgent: "x", invokedBy: "cloudformation.amazonaws.com" },
      "access-key",
    ],
  ])("%s", (_, { userAgent, ...identity }, by) => {
    expect(grantedTo({ type: "IAMUser", ...identity }, { userAgent }).by).toBe(by);
  });

  test("what CloudTrail says of the session's credentials goes before the agent", () => {
    const session = { userAgent: "aws-cli/2.31.18", sessionCredentialFromConsole: "true" };
    expect(grantedTo({ type: "IAMUser", accessKeyId: "ASIAX" }, session).by).toBe("console");
  });
});

test.each(["arn:aws:iam::111122223333:role/acme", "acme", 7])(
  "a request that names %j as its SAML provider leaves the identity's own",
  (principalArn) => {
    const record = JSON.parse(fixtureBody("cloudtrail", "assume-role-with-saml"));
    record.requestParameters.principalArn = principalArn;
    expect(normalise(parseMessage(JSON.stringify(record))).granted.provider).toBe("Exampl3NameQualifier=");
  },
);

test.each([
  ["the root of old services", { type: "Root", invokedBy: "autoscaling.amazonaws.com" }, { by: "service" }],
  ["another account", { type: "AWSAccount", accountId: "777788889999" }, { by: "unknown" }],
  ["AWS itself without a type", { invokedBy: "AWS Internal" }, { by: "service" }],
  [
    "a federated user",
    {
      type: "FederatedUser",
      arn: "arn:aws:sts::111122223333:federated-user/guest",
      sessionContext: { sessionIssuer: { arn: "arn:aws:iam::111122223333:user/ana" } },
    },
    { by: "federation", provider: "arn:aws:iam::111122223333:user/ana", subject: "guest" },
  ],
  [
    "an Identity Center user",
    {
      type: "IdentityCenterUser",
      onBehalfOf: { userId: "u-1", identityStoreArn: "arn:aws:identitystore::1:identitystore/d-1" },
    },
    { by: "identity-center", provider: "arn:aws:identitystore::1:identitystore/d-1", subject: "u-1" },
  ],
])("%s", (_, identity, granted) => {
  expect(grantedTo(identity, { sourceIPAddress: null, userAgent: null })).toEqual(granted);
});

function grantedTo(userIdentity: object, more: object) {
  const record = { ...JSON.parse(fixtureBody("cloudtrail", "start-build")), ...more, userIdentity };
  return normalise(parseMessage(JSON.stringify(record))).granted;
}
