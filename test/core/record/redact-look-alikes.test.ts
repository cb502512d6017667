/** What looks like a secret, is evidence, and has to stay as it is. */
import { describe, expect, test } from "vitest";
import { redact } from "../../../lib/core/record/redact.ts";
import { base64, mixed } from "./redact-planted.ts";

const SHA_256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const SHA_1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
const UUID = "1a2b3c4d-5e6f-4a1b-8c2d-112233445566";
const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/prod/db-AbCdEf";

describe("a field that only sounds secret", () => {
  test.each([
    ["accessKeyId", "AKIAEXAMPLEEXAMPLE12"],
    ["accessKeyId", "ASIAEXAMPLEEXAMPLE12"],
    ["accessKey", { accessKeyId: "AKIAEXAMPLEEXAMPLE12", status: "Active", userName: "ana" }],
    ["principalId", "AROAEXAMPLEEXAMPLE12:session"],
    ["secretArn", SECRET_ARN],
    ["secret", SECRET_ARN],
    ["secretId", "shop/prod/db"],
    ["SecretId", "shop/prod/db"],
    ["secretName", "shop/prod/db"],
    ["secrets", [{ name: "DB_PASSWORD", valueFrom: SECRET_ARN }]],
    ["secrets", "read"],
    ["tokenType", "bearer"],
    ["token_type", "urn:ietf:params:oauth:token-type:jwt"],
    ["tokenCount", "12"],
    ["tokenId", "12345"],
    ["hashed_token", `${base64(mixed(32))}`],
    ["nextToken", "AAIAAeVpF_2hq1N7S3Mi5dZl"],
    ["clientRequestToken", UUID],
    ["clientToken", UUID],
    ["continuationToken", "page-2"],
    ["httpTokens", "required"],
    ["subjectFromWebIdentityToken", "repo:acme/shop:ref:refs/heads/main"],
    ["token", null],
    ["token", 42],
    ["passwordResetRequired", true],
    ["passwordResetRequired", "true"],
    ["password", false],
    ["manageMasterUserPassword", "true"],
    ["passwordLastUsed", "2026-11-22T10:00:00Z"],
    ["mfaAuthenticated", "true"],
    ["masterUserPassword", "****"],
    ["secretString", "HIDDEN_DUE_TO_SECURITY_REASONS"],
    ["userData", "<sensitiveDataRemoved>"],
    ["keyMaterial", "<sensitiveDataRemoved>"],
    ["password", ""],
    ["password", "\x24{{ secrets.DB_PASSWORD }}"],
    ["password", "{{resolve:secretsmanager:shop/prod/db:SecretString:password}}"],
    ["secret_scanning", { status: "enabled" }],
    ["secret_scanning_push_protection", { status: "disabled" }],
    ["secret_type", "github_personal_access_token"],
    ["private", true],
    ["keys_url", "https://api.github.com/repos/acme/shop/keys{/key_id}"],
    ["authorizations_url", "https://api.github.com/authorizations"],
    ["commits_url", "https://api.github.com/repos/acme/shop/commits{/sha}"],
    ["authenticationMethod", "AuthHeader"],
    ["x-hub-signature-256", `sha256=${SHA_256}`],
    ["SignatureVersion", "SigV4"],
    ["bypass", "all-checks"],
    ["publicKey", `ssh-ed25519 ${mixed(68)} ana@example.com`],
    ["PWD", "/codebuild/output"],
    ["cookies", { forward: "none" }],
    ["secretary", "Ana"],
    ["x-amz-id-2", `${mixed(32)}/${mixed(30)}=`],
    ["encryptionKey", { id: "alias/shop", type: "KMS" }],
  ])("%s: %j", async (name, value) => {
    const event = { requestParameters: { [name]: value } };
    expect(await redact(event)).toEqual({ value: event, redactions: [] });
  });
});

describe("a string that only looks secret", () => {
  test.each([
    SHA_1,
    SHA_256,
    UUID,
    `sha256:${SHA_256}`,
    `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:${SHA_256}`,
    `docker-pullable://registry.example.com:v1@sha256:${SHA_256}`,
    Buffer.from(SHA_256, "hex").toString("base64"),
    base64("just a sentence without anything in it"),
    SECRET_ARN,
    `User: arn:aws:iam::111122223333:user/ana is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SECRET_ARN} because no identity-based policy allows it`,
    "The security token included in the request is expired",
    "Invalid token: must not be empty",
    "permissions: contents:read, token:write",
    "Basic authentication is switched off",
    "Bearer of bad news",
    "https://github.com/acme/shop/compare/0123456789ab...ba9876543210",
    "https://git@github.com/acme/shop.git",
    "ssh://git@github.com:22/acme/shop.git",
    "https://example.com:8443/a/b@c",
    "http://[::1]:8080/?next=a@b",
    "aws-cli/2.13 exec-env/AWS_ECS_FARGATE command/secretsmanager.get-secret-value",
    "docker run -p 8080:80 -u root shop",
    "mkdir -p /var/lib/token && ls -p",
    "docker login --username ana --password-stdin registry.example.com",
    "docker build --secret id=npm,src=/root/.npmrc .",
    'docker login --password "$REGISTRY_PASSWORD"',
    "curl -H 'Authorization: Bearer \x24{TOKEN}' https://x.example",
    "PASSWORD=$(aws secretsmanager get-secret-value --secret-id shop/prod/db)",
    '{"name":"DB_PASSWORD","value":"prod/db:password","type":"SECRETS_MANAGER"}',
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
    "task-sk-learn-pipeline-for-the-shop-in-production",
    "eyJ is how a token starts, eyJ.eyJ.eyJ is none",
    "refs/heads/feature/remove-password-field",
    "SG.example",
  ])("%s", async (text) => {
    const event = { detail: [text] };
    expect(await redact(event)).toEqual({ value: event, redactions: [] });
  });
});
