/** Notes signed by an Ed25519 key in KMS, which nobody can take out of it. */
import { GetPublicKeyCommand, type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { GatebookError } from "../core/errors.ts";
import type { NoteSigner } from "../core/evidence/note-signer.ts";
import { type NoteAlgorithm, type VerifierKey, verifierKeyFromSpki } from "../core/evidence/verifier-key.ts";

export interface KmsKey {
  readonly client: KMSClient;
  /** Of a key with the spec ECC_NIST_EDWARDS25519. */
  readonly keyId: string;
  /** The name that it signs under: the log's, or the witness's. */
  readonly name: string;
  /** What it makes: a log's signatures, if left out. */
  readonly algorithm?: NoteAlgorithm;
}

/** Takes kms:GetPublicKey. */
export async function kmsVerifierKey({ client, keyId, name, algorithm }: KmsKey): Promise<VerifierKey> {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (PublicKey === undefined) throw new GatebookError("UNAVAILABLE", `KMS did not give the public half of ${keyId}`);
  return verifierKeyFromSpki(name, PublicKey, algorithm);
}

/** Takes kms:Sign, too. The public half is asked for once, at the beginning. */
export async function kmsNoteSigner(options: KmsKey): Promise<NoteSigner> {
  const { client, keyId } = options;
  return {
    key: await kmsVerifierKey(options),
    async sign(message) {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId: keyId,
          Message: message,
          // The other two forms hash first, which is another signature than notes have.
          MessageType: "RAW",
          SigningAlgorithm: "ED25519_SHA_512",
        }),
      );
      if (Signature === undefined) throw new GatebookError("UNAVAILABLE", `KMS did not sign with ${keyId}: try again`);
      return Signature;
    },
  };
}
