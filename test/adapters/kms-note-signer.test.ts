/** Notes signed in KMS verify with what `gatebook key` prints, and with no other key. */
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { kmsNoteSigner, kmsVerifierKey } from "../../lib/adapters/kms-note-signer.ts";
import { openCheckpoint, signCheckpoint } from "../../lib/core/evidence/signed-checkpoint.ts";
import { formatVerifierKey, parseVerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import { createPolicyStore } from "../../lib/local/authorisation/policy-store.ts";
import { kmsService } from "../../lib/local/services/kms/kms-service.ts";
import { ROOTS } from "../core/evidence/decimal-log.ts";
import { startWorld, temporaryDirectory } from "../local/gateway/world.ts";

const NAME = "gatebook.acme/111122223333/eu-west-1/0";
const CHECKPOINT = { origin: NAME, size: 70_000, root: ROOTS[70_000] ?? "" };

async function startKms() {
  const policies = createPolicyStore();
  const kms = await kmsService({ directory: await temporaryDirectory(), now: () => 0, policies });
  const client = new KMSClient((await startWorld({ kms }, { policies })).client());
  const createKey = async (input: object = { KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" }) => {
    const { KeyMetadata } = await client.send(new CreateKeyCommand(input));
    return { client, keyId: KeyMetadata?.Arn ?? "", name: NAME };
  };
  return { client, createKey };
}

test("a checkpoint opens with the verifier key, as text and back", async () => {
  const { createKey } = await startKms();
  const key = await createKey();
  const note = await signCheckpoint(CHECKPOINT, await kmsNoteSigner(key));
  const verifierKey = parseVerifierKey(formatVerifierKey(await kmsVerifierKey(key)));
  expect(openCheckpoint(note, verifierKey)).toMatchObject(CHECKPOINT);
});

test("it does not open with another key of the same name", async () => {
  const { createKey } = await startKms();
  const note = await signCheckpoint(CHECKPOINT, await kmsNoteSigner(await createKey()));
  const other = await kmsVerifierKey(await createKey());
  expect(() => openCheckpoint(note, other)).toThrow(expect.objectContaining({ code: "NOT_VERIFIED" }));
});

test("a key for something else is refused before it signs", async () => {
  const { createKey } = await startKms();
  await expect(kmsNoteSigner(await createKey({}))).rejects.toThrow();
});

test("a key that is not there is said by KMS", async () => {
  const { client } = await startKms();
  await expect(kmsVerifierKey({ client, keyId: "alias/none", name: NAME })).rejects.toMatchObject({
    name: "NotFoundException",
  });
});
