/** Each way of being let in that CloudTrail tells, by a fixture of its own. */
import { expect, test } from "vitest";
import { ANA, iam, sts } from "./expectations.ts";
import { fixtureNames, gist, normalised } from "./fixtures.ts";

const FOLDER = "cloudtrail/granted";
const USER_ID = "94d00cd8-e9e6-4810-b177-b08e84775435";
const STORE = "arn:aws:identitystore::111122223333:identitystore/d-1234567890";

const EXPECTED: Readonly<Record<string, readonly [who: string, granted: object]>> = {
  cognito: [
    sts("assumed-role/shop-app/CognitoIdentityCredentials"),
    {
      by: "federation",
      chain: ["CognitoIdentityCredentials", iam("role/shop-app")],
      provider: "cognito-identity.amazonaws.com",
      subject: "eu-west-1:0a1b2c3d",
    },
  ],
  "federated-user": [sts("federated-user/guest"), { by: "federation", provider: ANA, subject: "guest" }],
  "identity-center-session": [
    sts("assumed-role/AWSReservedSSO_ReadOnly_0123456789abcdef/bo@acme.example"),
    {
      by: "identity-center",
      chain: [
        "bo@acme.example",
        iam("role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_ReadOnly_0123456789abcdef"),
      ],
      provider: STORE,
      subject: "bo@acme.example",
    },
  ],
  "identity-center-user": [
    `IdentityCenterUser:${USER_ID}`,
    { by: "identity-center", provider: STORE, subject: USER_ID },
  ],
  "identity-enhanced-session": [
    sts("assumed-role/analytics/ana"),
    { by: "identity-center", provider: STORE, subject: USER_ID, chain: ["ana", iam("role/analytics")] },
  ],
  "oidc-without-subject": [
    sts("assumed-role/shop-publish/GitHubActions"),
    {
      by: "federation",
      chain: ["GitHubActions", iam("role/shop-publish")],
      provider: iam("oidc-provider/token.actions.githubusercontent.com"),
    },
  ],
  "other-account": ["AWSAccount:AROAEXAMPLE0000000009:vendor", { by: "unknown" }],
  "role-with-source-identity": [
    sts("assumed-role/shop-deploy/till-1"),
    { by: "assumed-role", chain: ["till-1", iam("role/shop-deploy"), "ana@acme.example"], mfa: false },
  ],
  "root-key": [iam("root"), { by: "root" }],
  "service-on-behalf-of-session": [
    sts("assumed-role/release/ana"),
    { by: "service", chain: ["ana", iam("role/release")] },
  ],
  "service-on-behalf-of-user": [ANA, { by: "access-key", chain: ["cloudformation.amazonaws.com"] }],
  "user-session-with-mfa": [ANA, { by: "access-key", mfa: true }],
};

test("every fixture has an expectation", () => {
  expect(fixtureNames(FOLDER)).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))("%s", (name, [who, granted]) => {
  const seen = gist(FOLDER, name);
  expect({ who: seen.who, granted: seen.means }).toEqual({ who, granted });
});

test("a user without a key is told by the credential that they used", () => {
  expect(normalised(FOLDER, "identity-center-user").granted.credential).toBe("cdee2490-82ed-43b3-96ee-b75fbf0b97a5");
});

/** The fixtures of CloudTrail's calls, by how each was let in. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  "access-key": [
    "approve-denied",
    "assume-role",
    "delete-trail-denied",
    "get-parameter",
    "git-push",
    "set-queue-attributes",
    "start-build",
    "update-pipeline",
    "update-project",
  ],
  "access-key without MFA": ["get-secret-by-arn"],
  "assumed-role without MFA": ["assumed-role-chain", "put-image", "update-stack"],
  "console with MFA": [
    "approve",
    "console-login",
    "console-login-by-eventbridge",
    "create-access-key",
    "deactivate-access-key",
    "delete-detector",
    "delete-log-group",
    "disable-rule",
    "override-approval-rules",
    "override-condition",
    "put-bucket-policy-govcloud",
    "reject",
    "retry-stage",
    "rollback-stage",
    "schedule-key-deletion",
    "start-pipeline",
    "stop-configuration-recorder",
    "stop-logging",
    "stop-pipeline",
    "switch-role",
    "update-service",
  ],
  "console without MFA": ["console-login-failed", "console-login-unknown-user", "console-login-without-mfa"],
  federation: ["assume-role-with-saml", "assume-role-with-web-identity", "call-after-web-identity"],
  "identity-center": ["attach-role-policy", "console-login-identity-center"],
  "root with MFA": ["deactivate-mfa"],
  "root without MFA": ["console-login-root"],
  service: ["assume-role-by-service", "create-deployment", "rotate-key-service-event", "update-function-code"],
};

test("each call of the fixtures was let in as it says", () => {
  const ways: Record<string, string[]> = {};
  for (const name of fixtureNames("cloudtrail")) {
    const { by, mfa } = normalised("cloudtrail", name).granted;
    const way = mfa === undefined ? by : `${by} ${mfa ? "with" : "without"} MFA`;
    ways[way] = [...(ways[way] ?? []), name];
  }
  expect(ways).toEqual(WAYS);
});
