/** Webhook secrets, through AWS's SDK against the local Secrets Manager: two are good while one takes the other's place. */
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { secretsManagerSecrets } from "../../lib/adapters/secrets-manager-secrets.ts";
import { secretsManagerService } from "../../lib/local/services/secrets-manager/secrets-manager-service.ts";
import { startWorld, temporaryDirectory } from "../local/gateway/world.ts";

const FIVE_MINUTES_MS = 5 * 60 * 1000;

async function startSecrets() {
  let now = Date.parse("2026-11-22T16:00:00Z");
  const service = await secretsManagerService({ directory: await temporaryDirectory(), now: () => now });
  const world = await startWorld({ secretsmanager: service });
  const client = new SecretsManagerClient(world.client());
  const { ARN = "" } = await client.send(new CreateSecretCommand({ Name: "gitlab", SecretString: "one" }));
  const secretsOf = secretsManagerSecrets({ client, arns: { gitlab: ARN }, now: () => now });
  return {
    secretsOf,
    put: (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId: "gitlab", SecretString })),
    wait: (ms: number) => {
      now += ms;
    },
  };
}

test("a secret that was never changed is the only one", async () => {
  const { secretsOf } = await startSecrets();
  expect(await secretsOf("gitlab")).toEqual(["one"]);
});

test("the one before stays good beside the new one, and ends when the new one is put again", async () => {
  const { secretsOf, put, wait } = await startSecrets();
  await put("two");
  expect(await secretsOf("gitlab")).toEqual(["two", "one"]);
  await put("two");
  wait(FIVE_MINUTES_MS);
  expect(await secretsOf("gitlab")).toEqual(["two"]);
});

test("a change is known after five minutes and not before", async () => {
  const { secretsOf, put, wait } = await startSecrets();
  expect(await secretsOf("gitlab")).toEqual(["one"]);
  await put("two");
  wait(FIVE_MINUTES_MS - 1);
  expect(await secretsOf("gitlab")).toEqual(["one"]);
  wait(1);
  expect(await secretsOf("gitlab")).toEqual(["two", "one"]);
});

test("a source without a secret has none, whatever its name", async () => {
  const { secretsOf } = await startSecrets();
  for (const source of ["github", "__proto__", "constructor"]) expect(await secretsOf(source)).toEqual([]);
});
