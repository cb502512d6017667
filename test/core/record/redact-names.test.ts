/** Secrets that are known by the name of their field, or by what stands beside it. */
import { describe, expect, test } from "vitest";
import { redact } from "../../../lib/core/record/redact.ts";
import { mixed } from "./redact-planted.ts";

const SECRET = `x${mixed(20)}`;

describe("a secret known by the name of its field", () => {
  test.each([
    ["password", "password"],
    ["PASSWD", "password"],
    ["masterUserPassword", "password"],
    ["DB_PASS", "password"],
    ["smtpPass", "password"],
    ["secret", "secret"],
    ["secretString", "secret"],
    ["secretBinary", "secret"],
    ["client_secret", "client-secret"],
    ["clientSecret", "client-secret"],
    ["private_key", "private-key"],
    ["secretAccessKey", "aws-secret-access-key"],
    ["SECRET_ACCESS_KEY", "aws-secret-access-key"],
    ["secret-access-key", "aws-secret-access-key"],
    ["sessionToken", "session-token"],
    ["x-amz-security-token", "session-token"],
    ["Authorization", "authorization"],
    ["token", "token"],
    ["x-gitlab-token", "token"],
    ["accessToken", "access-token"],
    ["refresh_token", "refresh-token"],
    ["apiKey", "api-key"],
    ["x-api-key", "api-key"],
    ["API_KEY_PROD", "api-key"],
    ["Cookie", "cookie"],
    ["set-cookie", "cookie"],
  ])("%s is %s", async (name, kind) => {
    expect(await redact({ [name]: SECRET })).toEqual({
      value: { [name]: `[redacted:${kind}]` },
      redactions: [{ path: `/${name}`, kind }],
    });
  });

  test("the token of an approval is a secret though it looks like an identifier", async () => {
    const request = {
      pipelineName: "shop",
      result: { status: "Approved" },
      token: "1a2b3c4d-1111-2222-3333-444455556666",
    };
    expect((await redact({ requestParameters: request })).value).toEqual({
      requestParameters: { ...request, token: "[redacted:token]" },
    });
  });

  test("digits are a secret as well as letters, and small numbers count something", async () => {
    const { value, redactions } = await redact({
      password: 12345678,
      tokenCode: 123456,
      pass: 12,
      credentials: { durationSeconds: 3_600 },
      other: 12345678,
    });
    expect(value).toEqual({
      password: "[redacted:password]",
      tokenCode: "[redacted:one-time-code]",
      pass: 12,
      credentials: { durationSeconds: 3_600 },
      other: 12345678,
    });
    expect(redactions.map(({ path }) => path)).toEqual(["/password", "/tokenCode"]);
  });

  test("members of credentials are secret unless they identify or date them", async () => {
    const { value } = await redact({
      credentials: {
        accessKeyId: "ASIAEXAMPLEEXAMPLE12",
        seed: SECRET,
        sessionToken: SECRET,
        expiration: "Nov 22, 2026",
      },
    });
    expect(value).toEqual({
      credentials: {
        accessKeyId: "ASIAEXAMPLEEXAMPLE12",
        seed: "[redacted:credentials]",
        sessionToken: "[redacted:session-token]",
        expiration: "Nov 22, 2026",
      },
    });
  });

  test("a list of secrets is redacted one by one", async () => {
    expect((await redact({ "set-cookie": ["a=b", "c=d"] })).value).toEqual({
      "set-cookie": ["[redacted:cookie]", "[redacted:cookie]"],
    });
  });

  test("environment pairs are secret where the value is written in plain text", async () => {
    const { value } = await redact([
      { name: "DB_PASSWORD", value: SECRET, type: "PLAINTEXT" },
      { name: "DB_PASSWORD", value: SECRET },
      { key: "apiToken", value: SECRET },
      { parameterKey: "MasterPassword", parameterValue: SECRET },
      { name: "/prod/db", value: SECRET, type: "SecureString" },
      { name: "DB_PASSWORD", value: "prod/db:password", type: "SECRETS_MANAGER" },
      { name: "DB_PASSWORD", value: "/prod/db/password", type: "PARAMETER_STORE" },
      { name: "STAGE", value: "production" },
    ]);
    expect(value).toEqual([
      { name: "DB_PASSWORD", value: "[redacted:password]", type: "PLAINTEXT" },
      { name: "DB_PASSWORD", value: "[redacted:password]" },
      { key: "apiToken", value: "[redacted:token]" },
      { parameterKey: "MasterPassword", parameterValue: "[redacted:password]" },
      { name: "/prod/db", value: "[redacted:secure-string]", type: "SecureString" },
      { name: "DB_PASSWORD", value: "prod/db:password", type: "SECRETS_MANAGER" },
      { name: "DB_PASSWORD", value: "/prod/db/password", type: "PARAMETER_STORE" },
      { name: "STAGE", value: "production" },
    ]);
  });

  test("an argument is secret behind its flag", async () => {
    expect((await redact(["tool", "--password", SECRET, "-u", "ana", "-p", SECRET, "-p", "8080"])).value).toEqual([
      "tool",
      "--password",
      "[redacted:password]",
      "-u",
      "ana",
      "-p",
      "[redacted:password]",
      "-p",
      "8080",
    ]);
  });
});
