/** The local KMS through AWS's own SDK. */
import { createPublicKey, verify } from "node:crypto";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListAliasesCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  VerifyCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, test } from "vitest";
import { createPolicyStore } from "../../../lib/local/authorisation/policy-store.ts";
import { LOCAL_OWNER } from "../../../lib/local/aws-service.ts";
import { kmsService } from "../../../lib/local/services/kms/kms-service.ts";
import { grant, ROLE_KEY, startWorld, temporaryDirectory, type World } from "../gateway/world.ts";

const NOW = Date.parse("2026-11-22T16:00:00Z");

async function startKms(directory?: string): Promise<World & { readonly kms: KMSClient; readonly directory: string }> {
  const where = directory ?? (await temporaryDirectory());
  const policies = createPolicyStore();
  const world = await startWorld(
    { kms: await kmsService({ directory: where, now: () => NOW, policies }) },
    { policies },
  );
  return { ...world, kms: new KMSClient(world.client()), directory: where };
}

async function createSigningKey(kms: KMSClient, policy?: object): Promise<string> {
  const Policy = policy === undefined ? {} : { Policy: JSON.stringify(policy) };
  const command = new CreateKeyCommand({ KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY", ...Policy });
  const { KeyMetadata } = await kms.send(command);
  return KeyMetadata?.Arn ?? "";
}

const signature = (KeyId: string, Message: Uint8Array) =>
  ({ KeyId, Message, MessageType: "RAW", SigningAlgorithm: "ED25519_SHA_512" }) as const;

describe("signatures", () => {
  const message = Buffer.from("gatebook checkpoint\n1\nroot\n");

  test("verify with the public key alone, in Node's own crypto", async () => {
    const { kms } = await startKms();
    const key = await createSigningKey(kms);
    const { Signature = new Uint8Array() } = await kms.send(new SignCommand(signature(key, message)));
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: key }));
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
    expect(verify(null, message, publicKey, Signature)).toBe(true);
  });

  test("are refused by Verify when the message was changed", async () => {
    const { kms } = await startKms();
    const key = await createSigningKey(kms);
    const { Signature } = await kms.send(new SignCommand(signature(key, message)));
    const verified = await kms.send(new VerifyCommand({ ...signature(key, message), Signature }));
    expect(verified.SignatureValid).toBe(true);
    const tampered = kms.send(new VerifyCommand({ ...signature(key, Buffer.from("other")), Signature }));
    await expect(tampered).rejects.toMatchObject({ name: "KMSInvalidSignatureException" });
  });

  test("are made over 4096 bytes and refused over one more", async () => {
    const { kms } = await startKms();
    const key = await createSigningKey(kms);
    await kms.send(new SignCommand(signature(key, new Uint8Array(4096))));
    const tooLong = kms.send(new SignCommand(signature(key, new Uint8Array(4097))));
    await expect(tooLong).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("of other algorithms are not implemented rather than made wrongly", async () => {
    const { kms } = await startKms();
    const key = await createSigningKey(kms);
    const digest = {
      ...signature(key, message),
      SigningAlgorithm: "ED25519_PH_SHA_512",
      MessageType: "DIGEST",
    } as const;
    await expect(kms.send(new SignCommand(digest))).rejects.toMatchObject({ name: "NotImplemented" });
  });

  test("are the same key's after a restart", async () => {
    const first = await startKms();
    const key = await createSigningKey(first.kms);
    await first.kms.send(new CreateAliasCommand({ AliasName: "alias/log", TargetKeyId: key }));
    const { Signature } = await first.kms.send(new SignCommand(signature("alias/log", message)));
    const second = await startKms(first.directory);
    const verified = await second.kms.send(new VerifyCommand({ ...signature(key, message), Signature }));
    expect(verified.SignatureValid).toBe(true);
  });
});

describe("encryption", () => {
  test("returns the plaintext in the same context only", async () => {
    const { kms } = await startKms();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const EncryptionContext = { a: "1", b: "2" };
    const Plaintext = Buffer.from("secret");
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext, EncryptionContext }),
    );
    const decrypted = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { b: "2", a: "1" } }));
    expect(Buffer.from(decrypted.Plaintext ?? [])).toEqual(Plaintext);
    const elsewhere = kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: "1" } }));
    await expect(elsewhere).rejects.toMatchObject({ name: "InvalidCiphertextException" });
  });

  test("refuses a ciphertext with any byte changed", async () => {
    const { kms } = await startKms();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.KeyId;
    const { CiphertextBlob = new Uint8Array() } = await kms.send(
      new EncryptCommand({ KeyId, Plaintext: Buffer.of(7) }),
    );
    for (const index of CiphertextBlob.keys()) {
      const changed = Uint8Array.from(CiphertextBlob, (byte, at) => (at === index ? byte ^ 1 : byte));
      const decrypted = kms.send(new DecryptCommand({ CiphertextBlob: changed }));
      await expect(decrypted).rejects.toMatchObject({ name: "InvalidCiphertextException" });
    }
  });

  test("makes data keys that Decrypt unwraps", async () => {
    const { kms } = await startKms();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const dataKey = await kms.send(new GenerateDataKeyCommand({ KeyId: KeyMetadata?.Arn, KeySpec: "AES_256" }));
    expect(dataKey.Plaintext).toHaveLength(32);
    const unwrapped = await kms.send(new DecryptCommand({ CiphertextBlob: dataKey.CiphertextBlob }));
    expect(unwrapped.Plaintext).toEqual(dataKey.Plaintext);
  });

  test("is not for signing keys", async () => {
    const { kms } = await startKms();
    const KeyId = await createSigningKey(kms);
    const encrypted = kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
    await expect(encrypted).rejects.toMatchObject({ name: "InvalidKeyUsageException" });
  });
});

describe("keys", () => {
  test("are described and found by alias", async () => {
    const { kms } = await startKms();
    const key = await createSigningKey(kms);
    await kms.send(new CreateAliasCommand({ AliasName: "alias/log", TargetKeyId: key }));
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/log" }));
    expect(KeyMetadata).toMatchObject({ Arn: key, KeySpec: "ECC_NIST_EDWARDS25519", CreationDate: new Date(NOW) });
    const { Aliases } = await kms.send(new ListAliasesCommand({}));
    expect(Aliases?.map(({ AliasName }) => AliasName)).toEqual(["alias/log"]);
  });

  test("rotate when symmetric", async () => {
    const { kms } = await startKms();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: "data" }));
    await kms.send(new EnableKeyRotationCommand({ KeyId: KeyMetadata?.KeyId }));
    const rotated = kms.send(new EnableKeyRotationCommand({ KeyId: await createSigningKey(kms) }));
    await expect(rotated).rejects.toMatchObject({ name: "UnsupportedOperationException" });
  });

  test("that do not exist are not found", async () => {
    const { kms } = await startKms();
    const found = kms.send(new DescribeKeyCommand({ KeyId: "alias/nothing" }));
    await expect(found).rejects.toMatchObject({ name: "NotFoundException" });
  });

  test("are never deleted by an answer that did nothing", async () => {
    const { kms } = await startKms();
    const KeyId = await createSigningKey(kms);
    const deletion = kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
    await expect(deletion).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
  });

  test("refuse a parameter that is not carried out", async () => {
    const { kms } = await startKms();
    const imported = kms.send(new CreateKeyCommand({ Origin: "EXTERNAL" }));
    await expect(imported).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining("Origin"),
    });
  });
});

describe("key policies", () => {
  const sign = { Effect: "Allow", Action: "kms:Sign", Resource: "*" };

  test("keep a role out that its own policy would let in", async () => {
    const { kms, policies, client } = await startKms();
    const ownerOnly = {
      Statement: [
        { Effect: "Allow", Action: "kms:*", Resource: "*", Principal: { AWS: "arn:aws:iam::111122223333:root" } },
      ],
    };
    const key = await createSigningKey(kms, ownerOnly);
    grant(policies, sign);
    const signed = new KMSClient(client(ROLE_KEY)).send(new SignCommand(signature(key, Buffer.of(1))));
    await expect(signed).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  test("leave the matter to the role's policy where they name the account, also after a restart", async () => {
    const first = await startKms();
    const key = await createSigningKey(first.kms, {
      Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*", Principal: { AWS: LOCAL_OWNER } }],
    });
    for (const { policies, client } of [first, await startKms(first.directory)]) {
      grant(policies, sign);
      const role = new KMSClient(client(ROLE_KEY));
      await role.send(new SignCommand(signature(key, Buffer.of(1))));
      const read = role.send(new GetPublicKeyCommand({ KeyId: key }));
      await expect(read).rejects.toMatchObject({ name: "AccessDeniedException" });
    }
  });
});
