/** The key for fingerprints, through AWS's SDK against the local Secrets Manager. */
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { secretsManagerFingerprint } from "../../lib/adapters/secrets-manager-fingerprint.ts";
import { fingerprinter } from "../../lib/core/redaction/fingerprint.ts";
import { secretsManagerService } from "../../lib/local/services/secrets-manager/secrets-manager-service.ts";
import { startWorld, temporaryDirectory } from "../local/gateway/world.ts";

const NAME = "fingerprint-key";
const KEY = "k".repeat(64);

async function startKey(value: string | undefined) {
  const service = await secretsManagerService({ directory: await temporaryDirectory(), now: Date.now });
  const world = await startWorld({ secretsmanager: service });
  const client = new SecretsManagerClient(world.client());
  const create = (SecretString: string) => client.send(new CreateSecretCommand({ Name: NAME, SecretString }));
  if (value !== undefined) await create(value);
  return {
    create,
    put: (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString })),
    fingerprint: secretsManagerFingerprint({ client, arn: NAME }),
    fetched: () => world.calls.filter(({ operation }) => operation === "GetSecretValue").length,
  };
}

test("the key is fetched when it is first asked for, and once", async () => {
  const { fingerprint, fetched } = await startKey(KEY);
  expect(fetched()).toBe(0);
  const [one, other] = await Promise.all([fingerprint(), fingerprint()]);
  expect((await fingerprint())("hunter2")).toBe(fingerprinter(Buffer.from(KEY))("hunter2"));
  expect(one("a secret")).toBe(other("a secret"));
  expect(fetched()).toBe(1);
});

test("another key in its place is another process's business", async () => {
  const { fingerprint, put } = await startKey(KEY);
  const before = (await fingerprint())("hunter2");
  await put("n".repeat(64));
  expect((await fingerprint())("hunter2")).toBe(before);
});

test("a key that cannot be read is said to be missing, and asked for again", async () => {
  const { fingerprint, create } = await startKey(undefined);
  await expect(fingerprint()).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining(NAME) });
  await create(KEY);
  expect((await fingerprint())("hunter2")).toMatch(/^[0-9a-f]{12}$/);
});

test("what is too short for a key is refused, without being said", async () => {
  const { fingerprint } = await startKey("correct-horse");
  const refused = await fingerprint().catch((error: Error) => error);
  expect(refused).toMatchObject({ code: "UNAVAILABLE", cause: { code: "INPUT_INVALID" } });
  expect(String(refused)).not.toContain("correct-horse");
});
