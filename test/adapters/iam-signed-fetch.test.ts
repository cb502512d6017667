/** Requests to API Gateway are signed with the caller's own credentials, and no others are. */
import { afterEach, expect, test, vi } from "vitest";
import { iamSigner } from "../../lib/adapters/iam-signed-fetch.ts";

afterEach(() => vi.unstubAllEnvs());

test("addresses that are not API Gateway's get no signature", () => {
  for (const address of ["https://evidence.example/log", "http://127.0.0.1:1/", "https://execute-api.example.com/"]) {
    expect(iamSigner(new URL(address))).toBeUndefined();
  }
});

test("an address of API Gateway is signed for its own region, by the credentials of the environment", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  const url = new URL("https://a1b2c3.execute-api.eu-west-1.amazonaws.com/v1/log/tile/0/x001/000");
  const headers = await iamSigner(url)?.(url);
  expect(headers?.["authorization"]).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=host;[\w;-]+, Signature=[0-9a-f]{64}$/,
  );
  expect(JSON.stringify(headers)).not.toContain("secret");
});
